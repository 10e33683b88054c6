import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = { en: 'English', ko: '한국어' } as const;
export type Language = keyof typeof LANGUAGES;

const STORE = 'touchstone.language';
const files = import.meta.glob<Record<string, unknown>>('../locales/*/*.json', { import: 'default' });

/** Every namespace is one small file per language, fetched when a page first needs it. */
const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, namespace, done) => {
    const load = files[`../locales/${language}/${namespace}.json`];
    if (!load) return done(new Error(`no such locale file: ${language}/${namespace}`), false);
    load().then(
      (words) => done(null, words),
      (error: Error) => done(error, false),
    );
  },
};

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && value in LANGUAGES;
}

function firstLanguage(): Language {
  const stored = localStorage.getItem(STORE);
  if (isLanguage(stored)) return stored;
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

export const i18n = i18next.createInstance();

export async function startI18n(language: Language = firstLanguage()): Promise<void> {
  i18n.on('languageChanged', (now) => {
    document.documentElement.lang = now;
  });
  await i18n
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      supportedLngs: Object.keys(LANGUAGES),
      fallbackLng: false,
      ns: ['common'],
      defaultNS: 'common',
      fallbackNS: 'common',
      interpolation: { escapeValue: false },
    });
}

/** The language that the person chose on another machine, unless one was chosen here. */
export async function adoptLanguage(language: unknown): Promise<void> {
  if (localStorage.getItem(STORE) === null && isLanguage(language)) await i18n.changeLanguage(language);
}

export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORE, language);
  await i18n.changeLanguage(language);
}

export const namespaces = [...new Set(Object.keys(files).map((f) => f.replace(/^.*\/(.+)\.json$/, '$1')))];
