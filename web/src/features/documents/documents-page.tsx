import { Button } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { StoredDocument } from '../../lib/api/types.ts';
import { plural } from '../../lib/format.ts';
import { useSession } from '../../lib/session/use-session.ts';
import { announce } from '../../ui/announce.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import rows from '../../ui/rows.module.css';
import { DeleteDocumentDialog } from './delete-document-dialog.tsx';
import { DocumentRow } from './document-row.tsx';
import { DropZone } from './drop-zone.tsx';
import { documentsQuery } from './documents-query.ts';
import { QuotaBar } from './quota-bar.tsx';
import { useRetryDocument } from './use-retry-document.ts';
import { UploadRow } from './upload-row.tsx';
import { useReadyAnnouncements } from './use-ready-announcements.ts';
import { useUploads } from './use-uploads.ts';

/** The documents of a tenant: bring them, watch them being read, take them away. */
export function DocumentsPage() {
  const { tenantId = '' } = useParams();
  const documents = useInfiniteQuery(documentsQuery(tenantId));
  const { uploads, queue } = useUploads(tenantId);
  const retry = useRetryDocument(tenantId);
  const tenant = useSession().tenants.find(({ id }) => id === tenantId);
  const writes = tenant?.permissions.includes('documents.write') === true;
  const [deleting, setDeleting] = useState<StoredDocument | null>(null);
  const items = documents.data?.pages.flatMap((page) => page.items) ?? [];
  const usage = documents.data?.pages[0]?.usage;
  useReadyAnnouncements(items);

  const add = (files: File[]): void => {
    queue.add(tenantId, files);
    announce(
      plural(files.length, {
        one: 'One document is being uploaded',
        other: '# documents are being uploaded',
      }),
    );
  };
  const empty = documents.data && items.length === 0 && uploads.length === 0;
  return (
    <Page
      title="Documents"
      lead="What questions are answered from. Only people of this tenant can read them."
      actions={usage && <QuotaBar usage={usage} />}
    >
      {writes && <DropZone onFiles={add} />}
      {documents.isPending && <RowsSkeleton label="The documents are loading" />}
      {documents.error && (
        <ProblemPanel
          title="The documents could not be listed"
          error={documents.error}
          onRetry={() => void documents.refetch()}
        />
      )}
      {empty && (
        <EmptyState
          icon={<IconFileText size={26} />}
          title="No document yet"
          text={
            writes
              ? 'Bring the first one: a handbook, a contract, a table. In a minute you can ask about it, and each answer shows the passage it comes from.'
              : 'Whoever may add documents here has brought none so far.'
          }
        />
      )}
      {(items.length > 0 || uploads.length > 0) && (
        <ul className={rows.rows} aria-label="Documents">
          {uploads.map((upload) => (
            <UploadRow key={upload.key} upload={upload} queue={queue} />
          ))}
          {items.map((document) => (
            <DocumentRow
              key={document.id}
              tenantId={tenantId}
              document={document}
              onDelete={writes ? () => setDeleting(document) : null}
              onRetry={() => retry.mutate(document.id)}
              retrying={retry.isPending && retry.variables === document.id}
            />
          ))}
        </ul>
      )}
      {documents.hasNextPage && (
        <Button
          mt="md"
          variant="default"
          loading={documents.isFetchingNextPage}
          onClick={() => void documents.fetchNextPage()}
        >
          Show more
        </Button>
      )}
      <DeleteDocumentDialog
        tenantId={tenantId}
        document={deleting}
        onClose={() => setDeleting(null)}
      />
    </Page>
  );
}
