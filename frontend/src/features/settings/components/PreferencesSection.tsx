import { type MantineColorScheme, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { savePreferences } from '@/api/session';
import { rememberedScheme, rememberScheme } from '@/app/colorScheme';
import { isLanguage, LANGUAGES, setLanguage } from '@/app/i18n';
import { Section } from '@/shared/ui/Section';

interface ChoiceProps {
  label: string;
  help: string;
  value: string;
  data: { value: string; label: string }[];
  onChange: (value: string) => void;
}

function Choice({ label, help, ...control }: ChoiceProps) {
  const id = useId();
  return (
    <div>
      <Text id={id} fw={500}>
        {label}
      </Text>
      <Text size="xs" c="dimmed" mb={4}>
        {help}
      </Text>
      <SegmentedControl aria-labelledby={id} {...control} />
    </div>
  );
}

/** How it looks and speaks, for the person and not for the project. */
export function PreferencesSection() {
  const { t, i18n } = useTranslation('settings');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [workbench, setWorkbench] = useState<string>(() => rememberedScheme('workbench'));
  const schemes = (['light', 'dark', 'auto'] as const).map((value) => ({
    value,
    label: t(`preferences.${value}`),
  }));
  const handleLanguage = (code: string) => {
    if (!isLanguage(code)) return;
    void setLanguage(code);
    // It follows the person to other browsers; here it holds whether or not the server can be reached.
    savePreferences({ locale: code }).catch(() => undefined);
  };
  return (
    <Section title={t('section.preferences')}>
      <Stack gap="md">
        <Choice
          label={t('preferences.language')}
          help={t('preferences.languageHelp')}
          value={i18n.language}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          onChange={handleLanguage}
        />
        <Choice
          label={t('preferences.pages')}
          help={t('preferences.pagesHelp')}
          value={colorScheme}
          data={schemes}
          onChange={(value) => setColorScheme(value as MantineColorScheme)}
        />
        <Choice
          label={t('preferences.workbench')}
          help={t('preferences.workbenchHelp')}
          value={workbench}
          data={schemes}
          onChange={(value) => {
            rememberScheme('workbench', value as MantineColorScheme);
            setWorkbench(value);
          }}
        />
      </Stack>
    </Section>
  );
}
