import type { PlatformStatus } from '../../lib/api/types.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import rows from '../../ui/rows.module.css';
import classes from './component-rows.module.css';

type Component = PlatformStatus['components'][number];

const names: Record<Component['id'], string> = {
  database: 'Database',
  'key-service': 'Key service',
  'model-server': 'Model server',
  provisioner: 'Provisioner',
  disk: 'Disk',
  secrets: 'Secrets',
};
const states = {
  ok: { tone: 'good', words: 'Working' },
  degraded: { tone: 'warn', words: 'Needs attention' },
  down: { tone: 'bad', words: 'Down' },
} as const;

/** The parts of the appliance, what each says of itself, and how to mend what is wrong. */
export function ComponentRows({ components }: { components: Component[] }) {
  return (
    <ul className={rows.rows}>
      {components.map(({ id, status, detail, mend }) => (
        <li key={id} className={rows.row}>
          <span className={rows.title}>{names[id]}</span>
          <StateBadge tone={states[status].tone}>{states[status].words}</StateBadge>
          <span className={`${rows.note} ${rows.full}`}>{detail}</span>
          {mend && (
            <p className={`${classes.mend} ${rows.full}`}>
              <strong>To mend it:</strong> {mend}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
