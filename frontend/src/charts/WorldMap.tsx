import { geoNaturalEarth1, geoPath } from 'd3-geo';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { formatCount } from '@/shared/format';
import { Figure } from '@/shared/ui/Figure';
import { FigureSkeleton } from '@/shared/ui/Skeletons';

export interface Place {
  id?: string | number;
  latitude: number;
  longitude: number;
  /** How many items are there; the area of the dot follows it. */
  count?: number;
  name?: string;
}

interface Props {
  title: string;
  caption?: ReactNode;
  places: readonly Place[];
  onPick?: (place: Place) => void;
}

type World = Topology<{ countries: GeometryCollection }>;

const WIDTH = 800;
const HEIGHT = 400;

/** Where the items come from: outlines of the countries from our own files, a dot for each place. */
export function WorldMap({ title, caption, places, onPick }: Props) {
  const { t } = useTranslation();
  const [world, setWorld] = useState<World | null>(null);
  useEffect(() => {
    let gone = false;
    import('world-atlas/countries-110m.json').then((m) => {
      if (!gone) setWorld(m.default as unknown as World);
    });
    return () => {
      gone = true;
    };
  }, []);
  const { outline, project } = useMemo(() => {
    const projection = geoNaturalEarth1();
    projection.fitExtent(
      [
        [4, 4],
        [WIDTH - 4, HEIGHT - 4],
      ],
      { type: 'Sphere' },
    );
    const path = geoPath(projection);
    return {
      outline: world ? (path(feature(world, world.objects.countries)) ?? '') : '',
      project: projection,
    };
  }, [world]);
  const most = Math.max(1, ...places.map((p) => p.count ?? 1));
  return (
    <Figure
      title={title}
      caption={caption}
      table={{
        head: [t('chart.place'), t('chart.latitude'), t('chart.longitude'), t('chart.count')],
        rows: places.map((p) => [
          p.name ?? '',
          p.latitude.toFixed(3),
          p.longitude.toFixed(3),
          formatCount(p.count ?? 1),
        ]),
      }}
    >
      {world ? (
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          width="100%"
          role="img"
          aria-label={title}
          style={{ display: 'block' }}
        >
          <path d={outline} fill="var(--ts-line-soft)" stroke="var(--ts-line)" strokeWidth={0.5} />
          {places.map((place, at) => {
            const xy = project([place.longitude, place.latitude]);
            if (!xy) return null;
            return (
              // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse; the list beside the map has the same by keyboard
              <circle
                key={place.id ?? at}
                cx={xy[0]}
                cy={xy[1]}
                r={2.5 + 9 * Math.sqrt((place.count ?? 1) / most)}
                fill="var(--ts-accent)"
                fillOpacity={0.55}
                stroke="var(--ts-accent)"
                style={onPick ? { cursor: 'pointer' } : {}}
                onClick={onPick && (() => onPick(place))}
              >
                <title>{`${place.name ?? ''} ${formatCount(place.count ?? 1)}`.trim()}</title>
              </circle>
            );
          })}
        </svg>
      ) : (
        <FigureSkeleton height={240} />
      )}
    </Figure>
  );
}
