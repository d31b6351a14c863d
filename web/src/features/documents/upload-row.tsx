import { ActionIcon, Button, Progress } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { formatBytes } from '../../lib/format.ts';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';
import classes from './document-row.module.css';
import type { QueuedUpload, UploadQueue } from './upload-queue.ts';

const words = { waiting: 'Waiting', sending: 'Uploading', failed: 'Not uploaded' } as const;

/** A file on its way to the server. */
export function UploadRow({ upload, queue }: { upload: QueuedUpload; queue: UploadQueue }) {
  const { key, file, state, part, problem } = upload;
  return (
    <li className={rows.row}>
      <span className={rows.title}>{file.name}</span>
      <span className={classes.side}>
        <StateBadge tone={state === 'failed' ? 'bad' : 'busy'}>
          {state === 'sending' ? `${words.sending} ${Math.round(part * 100)} %` : words[state]}
        </StateBadge>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={
            state === 'failed' ? `Dismiss ${file.name}` : `Stop the upload of ${file.name}`
          }
          onClick={() => queue.remove(key)}
        >
          <IconX size={16} />
        </ActionIcon>
      </span>
      {state === 'sending' && (
        <Progress
          className={rows.full}
          value={part * 100}
          size="xs"
          aria-label={`Upload of ${file.name}`}
        />
      )}
      {problem ? (
        <div className={`${classes.problem} ${rows.full}`} role="alert">
          <span>{problem.message}</span>
          <Button size="compact-sm" variant="default" onClick={() => queue.retry(key)}>
            Upload again
          </Button>
        </div>
      ) : (
        <span className={`${rows.note} ${rows.full}`}>{formatBytes(file.size)}</span>
      )}
    </li>
  );
}
