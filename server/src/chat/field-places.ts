/** Where this room's encrypted fields live; the encryptor adds the tenant. */
type Place = { table: string; row: string; field: string };

export const places = {
  title: (conversationId: string): Place => ({
    table: 'conversations',
    row: conversationId,
    field: 'title',
  }),
  content: (messageId: string): Place => ({ table: 'messages', row: messageId, field: 'content' }),
  quote: (messageId: string, n: number): Place => ({
    table: 'message_citations',
    row: `${messageId}/${n}`,
    field: 'quote',
  }),
  documentName: (messageId: string, n: number): Place => ({
    table: 'message_citations',
    row: `${messageId}/${n}`,
    field: 'document_name',
  }),
  headings: (messageId: string, n: number): Place => ({
    table: 'message_citations',
    row: `${messageId}/${n}`,
    field: 'sealed_headings',
  }),
  errorDetail: (messageId: string): Place => ({
    table: 'messages',
    row: messageId,
    field: 'error_detail',
  }),
  events: (messageId: string, id: number): Place => ({
    table: 'message_events',
    row: `${messageId}/${id}`,
    field: 'data',
  }),
};
