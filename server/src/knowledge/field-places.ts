/** Where this room's encrypted fields live in the tier that holds its own seal; see encrypted-columns.ts. */
type Place = { table: string; row: string; field: string };

const place =
  (table: string, field: string) =>
  (row: string): Place => ({ table, row, field });

export const places = {
  name: place('documents', 'name'),
  errorDetail: place('documents', 'error_detail'),
  uploadKey: place('documents', 'upload_key'),
  text: place('chunks', 'text'),
  headings: place('chunks', 'sealed_headings'),
  vector: ({ modelId, chunkId }: { modelId: number; chunkId: string }): Place => ({
    table: 'chunk_vectors',
    row: `${modelId}/${chunkId}`,
    field: 'vector',
  }),
};
