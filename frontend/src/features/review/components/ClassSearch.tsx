import { Combobox, TextInput, useCombobox } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type RefObject, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import { ReviewKey } from './ReviewKey';

const MOST = 50;

interface Props {
  index: ClassIndex;
  field: RefObject<HTMLInputElement | null>;
  disabled: boolean;
  onPick: (key: string) => void;
}

/** Type-ahead over all classes, in any language of the schema, Hangul as it is typed. */
export function ClassSearch({ index, field, disabled, onPick }: Props) {
  const { t } = useTranslation('review');
  const [text, setText] = useState('');
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const found = useMemo(() => (text.trim() ? index.search(text).slice(0, MOST) : []), [index, text]);
  const leave = () => {
    setText('');
    combobox.closeDropdown();
    field.current?.blur();
  };
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(key) => {
        leave();
        onPick(key);
      }}
    >
      <Combobox.Target>
        <TextInput
          ref={field}
          size="sm"
          value={text}
          disabled={disabled}
          placeholder={t('search')}
          aria-label={t('search')}
          leftSection={<IconSearch size={14} />}
          rightSection={<ReviewKey name="fix" />}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.openDropdown();
            combobox.selectFirstOption();
          }}
          onKeyDown={(event) => {
            // While a syllable is being composed the keys belong to the input method.
            if (event.nativeEvent.isComposing || event.keyCode === 229) event.stopPropagation();
            else if (event.key === 'Escape') leave();
          }}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={text.trim() === ''}>
        <Combobox.Options mah={260} style={{ overflowY: 'auto' }}>
          {found.length === 0 && <Combobox.Empty>{t('nothingFound')}</Combobox.Empty>}
          {found.map((entry) => (
            <Combobox.Option key={entry.key} value={entry.key}>
              {entry.name}
              {entry.path.length > 0 && (
                <span style={{ display: 'block', fontSize: 12, opacity: 0.7 }}>{entry.path.join(' › ')}</span>
              )}
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
