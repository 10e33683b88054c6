import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TONE_ICONS, type Tone, toneBackground, toneColour } from './tone';

interface Props {
  tone: Tone;
  /** The verdict in words: "3 likely target leaks". */
  children: ReactNode;
  /** What follows from it. */
  action?: ReactNode;
}

/** One line on top of a section: is it good, and so what? */
export function Verdict({ tone, children, action }: Props) {
  const { t } = useTranslation();
  const Icon = TONE_ICONS[tone];
  return (
    <div
      style={{
        display: 'flex',
        alignItems: 'center',
        flexWrap: 'wrap',
        gap: 8,
        padding: '8px 12px',
        marginBottom: 12,
        borderRadius: 4,
        background: toneBackground(tone),
      }}
    >
      <Icon size={18} stroke={1.8} color={toneColour(tone)} aria-hidden="true" />
      <strong style={{ color: toneColour(tone), fontWeight: 600 }}>{t(`tone.${tone}`)}</strong>
      <span style={{ flex: '1 1 260px' }}>{children}</span>
      {action}
    </div>
  );
}

/** The same in a table cell or a card: icon and word. */
export function Light({ tone, children }: { tone: Tone; children?: ReactNode }) {
  const { t } = useTranslation();
  const Icon = TONE_ICONS[tone];
  return (
    <span
      style={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: 4,
        color: toneColour(tone),
        whiteSpace: 'nowrap',
      }}
    >
      <Icon size={16} stroke={1.8} aria-hidden="true" />
      {children ?? t(`tone.${tone}`)}
    </span>
  );
}
