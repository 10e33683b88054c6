import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type Domain, linear, ticks } from './scale';

export interface Area {
  width: number;
  height: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface PlotProps {
  height: number;
  /** Read aloud; the table behind the figure has the numbers. */
  label: string;
  margin?: Partial<Record<'left' | 'right' | 'top' | 'bottom', number>>;
  children: (area: Area) => ReactNode;
}

const FALLBACK_WIDTH = 480;

/** An SVG as wide as its place, with room for axes. Text keeps its size whatever the width. */
export function Plot({ height, label, margin = {}, children }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(FALLBACK_WIDTH);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const measure = () => setWidth(element.clientWidth || FALLBACK_WIDTH);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { left = 44, right = 12, top = 8, bottom = 28 } = margin;
  const area: Area = {
    width: Math.max(10, width - left - right),
    height: Math.max(10, height - top - bottom),
    left,
    top,
    right: Math.max(left + 10, width - right),
    bottom: height - bottom,
  };
  return (
    <div ref={host} style={{ width: '100%', minWidth: 0 }}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={label}
        style={{ display: 'block', overflow: 'visible' }}
      >
        {children(area)}
      </svg>
    </div>
  );
}

const TEXT = { fontSize: 11, fill: 'var(--ts-text-soft)' } as const;

interface AxisProps {
  area: Area;
  domain: Domain;
  format?: (value: number) => string;
  label?: string | undefined;
  count?: number;
}

export function BottomAxis({
  area,
  domain,
  format = String,
  label,
  count = Math.max(2, Math.round(area.width / 90)),
}: AxisProps) {
  const x = linear(domain, [area.left, area.right]);
  return (
    <g>
      <line x1={area.left} x2={area.right} y1={area.bottom} y2={area.bottom} stroke="var(--ts-line)" />
      {ticks(domain, count).map((tick) => (
        <text key={tick} x={x(tick)} y={area.bottom + 14} textAnchor="middle" className="tabular" {...TEXT}>
          {format(tick)}
        </text>
      ))}
      {label && (
        <text x={area.right} y={area.bottom + 27} textAnchor="end" {...TEXT}>
          {label}
        </text>
      )}
    </g>
  );
}

export function LeftAxis({ area, domain, format = String, label, count = 4 }: AxisProps) {
  const y = linear(domain, [area.bottom, area.top]);
  return (
    <g>
      {ticks(domain, count).map((tick) => (
        <g key={tick}>
          <line x1={area.left} x2={area.right} y1={y(tick)} y2={y(tick)} stroke="var(--ts-line-soft)" />
          <text x={area.left - 6} y={y(tick) + 4} textAnchor="end" className="tabular" {...TEXT}>
            {format(tick)}
          </text>
        </g>
      ))}
      {label && (
        <text x={area.left} y={area.top - 6} {...TEXT}>
          {label}
        </text>
      )}
    </g>
  );
}

export interface LegendEntry {
  name: string;
  colour: string;
  dashed?: boolean;
  /** A filled square instead of a line. */
  area?: boolean;
}

export function Legend({ entries }: { entries: readonly LegendEntry[] }) {
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: '2px 16px', fontSize: 12, marginBottom: 4 }}>
      {entries.map(({ name, colour, dashed, area }) => (
        <span key={name} style={{ display: 'inline-flex', alignItems: 'center', gap: 6 }}>
          <svg width="18" height="10" aria-hidden="true">
            {area ? (
              <rect x="3" width="10" height="10" rx="1" fill={colour} />
            ) : (
              <line
                x1="0"
                x2="18"
                y1="5"
                y2="5"
                stroke={colour}
                strokeWidth="2"
                strokeDasharray={dashed ? '4 3' : undefined}
              />
            )}
          </svg>
          {name}
        </span>
      ))}
    </div>
  );
}
