/** The chat routes, by hand until the server's document lists them; then this file goes. */

type Json<T> = { content: { 'application/json': T } };
type Empty = { content?: never };

interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  requestId: string;
  errors?: { path: string; message: string }[];
}

interface Failures {
  default: { content: { 'application/problem+json': Problem } };
}

interface Sentence {
  start: number;
  end: number;
  supported: boolean;
  citations: number[];
}

interface Citation {
  n: number;
  chunkId: string;
  documentId: string;
  documentName: string;
  page: null | number;
  headings: string[];
  quote: string;
  deleted: boolean;
}

interface Message {
  id: string;
  role: 'user' | 'assistant';
  content: string;
  state: 'streaming' | 'complete' | 'stopped' | 'failed';
  createdAt: string;
  regenerates: null | string;
  error: null | { code: string; detail: string };
  verdict: null | 'supported' | 'partly_supported' | 'quoted' | 'not_in_documents';
  sentences: null | Sentence[];
  citations: Citation[];
}

interface ConversationItem {
  id: string;
  title: null | string;
  createdAt: string;
  updatedAt: string;
}

type Params<Path, Query> = { query?: Query; header?: never; cookie?: never } & ([Path] extends [
  never,
]
  ? { path?: never }
  : { path: Path });

interface Op<Path, Query, Body, Responses> {
  parameters: Params<Path, Query>;
  requestBody: { content: { 'application/json': Body } };
  responses: Responses & Failures;
}

interface Read<Path, Query, Answer> {
  parameters: Params<Path, Query>;
  requestBody?: never;
  responses: { 200: Json<Answer> } & Failures;
}

interface Act<Path, Responses> {
  parameters: Params<Path, never>;
  requestBody?: never;
  responses: Responses & Failures;
}

interface InTenant {
  tenantId: string;
}

interface OfConversation extends InTenant {
  conversationId: string;
}

interface Paged {
  after?: string;
  limit?: number;
}

export interface ChatPaths {
  '/api/tenants/{tenantId}/conversations': {
    get: Read<InTenant, Paged, { items: ConversationItem[]; next: null | string }>;
    post: Op<InTenant, never, Record<string, never>, { 201: Json<ConversationItem> }>;
  };
  '/api/tenants/{tenantId}/conversations/{conversationId}': {
    get: Read<OfConversation, never, { id: string; title: null | string; messages: Message[] }>;
    patch: Op<OfConversation, never, { title: string }, { 200: Json<ConversationItem> }>;
    delete: Act<OfConversation, { 204: Empty }>;
  };
  '/api/tenants/{tenantId}/conversations/{conversationId}/messages/{messageId}/stop': {
    post: Act<OfConversation & { messageId: string }, { 204: Empty }>;
  };
}
