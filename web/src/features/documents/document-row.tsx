import { ActionIcon, Anchor, Button, Progress, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { StoredDocument } from '../../lib/api/types.ts';
import { formatBytes, formatTime, plural } from '../../lib/format.ts';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';
import classes from './document-row.module.css';
import { documentState } from './document-state.ts';

interface DocumentRowProps {
  tenantId: string;
  document: StoredDocument;
  /** Null for somebody who may not. */
  onDelete: (() => void) | null;
  onRetry: () => void;
  retrying: boolean;
}

function noteOf({ bytes, pages, chunks, createdAt, createdBy }: StoredDocument): string {
  return [
    formatBytes(bytes),
    pages === null ? null : plural(pages, { one: '# page', other: '# pages' }),
    chunks === 0 ? null : plural(chunks, { one: '# passage', other: '# passages' }),
    [createdBy?.name, formatTime(createdAt)].filter(Boolean).join(', '),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** A document of the tenant: its state, what went wrong with it, and what can be done. */
export function DocumentRow({ tenantId, document, onDelete, onRetry, retrying }: DocumentRowProps) {
  const { tone, words, part } = documentState(document);
  return (
    <li className={rows.row} data-state={document.state}>
      <span className={rows.title}>
        {document.state === 'ready' ? (
          <Anchor
            component={Link}
            to={`/t/${tenantId}/documents/${document.id}`}
            className={classes.name ?? ''}
            inherit
          >
            {document.name}
          </Anchor>
        ) : (
          document.name
        )}
      </span>
      <span className={classes.side}>
        <StateBadge tone={tone}>{words}</StateBadge>
        {onDelete && (
          <Tooltip label="Delete">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Delete ${document.name}`}
              onClick={onDelete}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </span>
      {tone === 'busy' && (
        <Progress
          className={rows.full}
          value={part === null ? 100 : part * 100}
          striped={part === null}
          animated={part === null}
          size="xs"
          aria-label={`${document.name}: ${words}`}
        />
      )}
      <span className={`${rows.note} ${rows.full}`}>{noteOf(document)}</span>
      {document.error && (
        <div className={`${classes.problem} ${rows.full}`}>
          <span>{document.error.detail}</span>
          <Button size="compact-sm" variant="default" loading={retrying} onClick={onRetry}>
            Read it again
          </Button>
        </div>
      )}
    </li>
  );
}
