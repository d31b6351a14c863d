import { Anchor, Button } from '@mantine/core';
import { IconFileOff, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { toProblem } from '../../lib/api/api-problem.ts';
import { formatBytes, formatTime, plural } from '../../lib/format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { DeleteDocumentDialog } from './delete-document-dialog.tsx';
import classes from './document-page.module.css';
import { documentState } from './document-state.ts';
import { documentQuery } from './document-query.ts';
import { Outline } from './outline.tsx';
import { PassageSheet } from './passage-sheet.tsx';

/** A document as it is kept: its outline and its passages. */
export function DocumentPage() {
  const { tenantId = '', documentId = '' } = useParams();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const {
    data: document,
    error,
    isPending,
    refetch,
  } = useQuery(documentQuery(tenantId, documentId));
  const [deleting, setDeleting] = useState(false);
  const list = `/t/${tenantId}/documents`;

  if (isPending) {
    return (
      <Page title="Document">
        <RowsSkeleton label="The document is loading" />
      </Page>
    );
  }
  if (error) {
    return (
      <Page title="Document">
        {toProblem(error).status === 404 ? (
          <EmptyState
            icon={<IconFileOff size={26} />}
            title="This document is not here"
            text="It was deleted, or it belongs to another tenant."
          >
            <Button component={Link} to={list} variant="default">
              To the documents
            </Button>
          </EmptyState>
        ) : (
          <ProblemPanel
            title="The document could not be opened"
            error={error}
            onRetry={() => void refetch()}
          />
        )}
      </Page>
    );
  }
  const passage = search.get('passage') ?? document.outline[0]?.chunkId ?? null;
  const facts = [
    documentState(document).words,
    formatBytes(document.bytes),
    plural(document.chunks, { one: '# passage', other: '# passages' }),
    formatTime(document.createdAt),
  ];
  return (
    <Page
      title={document.name}
      lead={
        <>
          <Anchor component={Link} to={list} underline="always">
            All documents
          </Anchor>{' '}
          · {facts.join(' · ')}
        </>
      }
      actions={
        <Button
          variant="default"
          leftSection={<IconTrash size={16} />}
          onClick={() => setDeleting(true)}
        >
          Delete
        </Button>
      }
    >
      <div className={document.outline.length > 0 ? classes.columns : undefined}>
        {document.outline.length > 0 && (
          <div className={classes.side}>
            <Outline entries={document.outline} current={passage} />
          </div>
        )}
        <section className={classes.sheet} aria-label="Passage" aria-live="polite">
          {passage ? (
            <PassageSheet tenantId={tenantId} chunkId={passage} />
          ) : (
            <p>
              This document has no headings to open. Ask about it, and open a source of the answer.
            </p>
          )}
        </section>
      </div>
      <DeleteDocumentDialog
        tenantId={tenantId}
        document={deleting ? document : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate(list, { replace: true })}
      />
    </Page>
  );
}
