import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from '../insights.module.css';
import type { Pictures, UnderstandResult } from '../queries';
import { PictureList } from './PictureList';

interface Props {
  project: string;
  duplicates: UnderstandResult['duplicates'];
  pictures: Pictures;
}

const SHOWN = 12;

export function Duplicates({ project, duplicates, pictures }: Props) {
  const { t } = useTranslation('insights');
  const [all, setAll] = useState(false);
  const groups = all ? duplicates.near : duplicates.near.slice(0, SHOWN);
  return (
    <>
      {duplicates.exact.length > 0 && (
        <>
          <Text size="sm" fw={600} mb={4}>
            {t('duplicates.exact', { count: duplicates.n_exact })}
          </Text>
          <PictureList
            project={project}
            label={t('duplicates.exact', { count: duplicates.n_exact })}
            pictures={pictures}
            items={duplicates.exact.slice(0, 24).map((one) => ({
              sha256: one.sha256,
              caption: `× ${one.occurrences}`,
            }))}
            size={64}
          />
        </>
      )}
      {groups.length > 0 && (
        <>
          <Text size="sm" fw={600} mt="md" mb={4}>
            {t('duplicates.near', { count: duplicates.n_near_groups, bits: duplicates.bits })}
          </Text>
          <div className={styles.groups}>
            {groups.map((group) => (
              <div key={group[0]} className={styles.group}>
                <PictureList
                  project={project}
                  label={t('duplicates.group', { count: group.length })}
                  pictures={pictures}
                  items={group.slice(0, 6).map((sha256) => ({ sha256 }))}
                  size={56}
                />
                {group.length > 6 && (
                  <Text size="xs" c="dimmed">
                    {t('duplicates.more', { count: group.length - 6 })}
                  </Text>
                )}
              </div>
            ))}
          </div>
          {duplicates.near.length > SHOWN && (
            <Button size="compact-xs" variant="subtle" color="gray" mt={4} onClick={() => setAll(!all)}>
              {all ? t('duplicates.fewer') : t('duplicates.all', { count: duplicates.near.length })}
            </Button>
          )}
        </>
      )}
    </>
  );
}
