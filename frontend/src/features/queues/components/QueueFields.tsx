import {
  Checkbox,
  MultiSelect,
  NumberInput,
  SimpleGrid,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { KINDS, type Kind, type SkipTo } from '../queries';
import { RuleFields } from './RuleFields';

export interface QueueValues {
  name: string;
  kinds: Kind[];
  skills: string[];
  redundancy: number;
  gold_share: number;
  auto_submit: boolean;
  instructions: string;
  skip_to: SkipTo;
  stop_at: number | null;
  stop_min: number;
  gold_misses: number | null;
  day_limit: number | null;
  person_limit: number | null;
  share_limit: number | null;
}

interface Props {
  value: QueueValues;
  errors: Record<string, string>;
  onChange: (change: Partial<QueueValues>) => void;
  /** Skills and redundancy are fixed once people work. */
  existing?: boolean;
  /** Answers can be counted against each other: there may be gold and an early stop. */
  counted?: boolean;
}

/** The settings of a queue, for making one and for changing one. */
export function QueueFields({ value, errors, onChange, existing = false, counted = true }: Props) {
  const { t } = useTranslation('queues');
  return (
    <>
      <TextInput
        label={t('form.name')}
        value={value.name}
        error={errors.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        required
        {...(existing ? {} : { 'data-autofocus': true })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberInput
          label={t('form.redundancy')}
          description={t(existing ? 'form.fixed' : counted ? 'form.redundancyHelp' : 'uncounted.redundancy')}
          min={1}
          max={100}
          allowDecimal={false}
          value={value.redundancy}
          error={errors.redundancy}
          disabled={existing}
          onChange={(redundancy) => onChange({ redundancy: Number(redundancy) || 1 })}
        />
        <NumberInput
          label={t('form.gold')}
          disabled={!counted}
          description={t(counted ? 'form.goldHelp' : 'uncounted.no')}
          suffix=" %"
          min={0}
          max={50}
          value={counted ? Math.round(value.gold_share * 100) : 0}
          error={errors.gold_share}
          onChange={(share) => onChange({ gold_share: (Number(share) || 0) / 100 })}
        />
        <MultiSelect
          label={t('form.kinds')}
          description={t('form.kindsHelp')}
          placeholder={value.kinds.length ? '' : t('form.everybody')}
          data={KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
          value={value.kinds}
          error={errors.kinds}
          onChange={(kinds) => onChange({ kinds: kinds as Kind[] })}
        />
        <TagsInput
          label={t('form.skills')}
          description={t(existing ? 'form.fixed' : 'form.skillsHelp')}
          value={value.skills}
          error={errors.skills}
          disabled={existing}
          onChange={(skills) => onChange({ skills })}
        />
      </SimpleGrid>
      <RuleFields value={value} errors={errors} counted={counted} onChange={onChange} />
      <Checkbox
        label={t('form.autoSubmit')}
        description={t('form.autoSubmitHelp')}
        checked={value.auto_submit}
        onChange={(event) => onChange({ auto_submit: event.currentTarget.checked })}
      />
      {/* Those of a queue that exists have revisions, and a section of their own. */}
      {!existing && (
        <Textarea
          label={t('form.instructions')}
          description={t('form.instructionsHelp')}
          value={value.instructions}
          error={errors.instructions}
          autosize
          minRows={3}
          maxRows={12}
          onChange={(event) => onChange({ instructions: event.currentTarget.value })}
        />
      )}
    </>
  );
}
