/**
 * The shape of the API, as `npm run generate -w web` prints it from the server's OpenAPI document.
 * Until the server prints one this file is written by hand in the same form.
 */
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
interface Account {
  id: string;
  email: string;
  name: string;
  platformRole: null | 'super_admin';
}
type TenantState = 'provisioning' | 'active' | 'failed' | 'suspended';
interface Membership {
  id: string;
  name: string;
  role: 'member' | 'reviewer' | 'admin';
  state: TenantState;
}
interface Session {
  accessToken: string;
  expiresAt: string;
  account: Account;
  tenants: Membership[];
}
type Language = 'en' | 'de' | 'no' | 'es' | 'fr' | 'simple';
interface Tenant {
  id: string;
  name: string;
  language: Language;
  state: TenantState;
  createdAt: string;
  error: null | string;
}
interface Component {
  id: 'database' | 'key-service' | 'model-server' | 'provisioner' | 'disk';
  status: 'ok' | 'degraded' | 'down';
  detail: string;
  mend: null | string;
}
interface Document {
  id: string;
  name: string;
  mediaType: string;
  bytes: number;
  state: 'queued' | 'parsing' | 'embedding' | 'ready' | 'failed';
  progress: { done: number; total: number };
  pages: null | number;
  chunks: number;
  language: null | string;
  error: null | { code: string; detail: string };
  createdAt: string;
  createdBy: { id: string; name: string };
}
interface Passage {
  chunkId: string;
  documentId: string;
  documentName: string;
  headings: string[];
  page: null | number;
  boxes: { page: number; x: number; y: number; w: number; h: number }[];
  text: string;
  before: null | string;
  after: null | string;
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
type None = never;
interface InTenant {
  tenantId: string;
}
interface OfDocument extends InTenant {
  documentId: string;
}
interface OfConversation extends InTenant {
  conversationId: string;
}
interface Paged {
  after?: string;
  limit?: number;
}

export interface paths {
  '/api/setup/{token}': {
    get: Read<
      { token: string },
      never,
      { kind: 'first_admin' | 'invitation'; email: null | string; expiresAt: string }
    >;
  };
  '/api/setup': {
    post: Op<
      None,
      never,
      { token: string; email: string; name: string; password: string },
      { 201: Json<Session> }
    >;
  };
  '/api/session': {
    post: Op<None, never, { email: string; password: string }, { 201: Json<Session> }>;
    delete: Act<None, { 204: Empty }>;
  };
  '/api/session/refresh': { post: Act<None, { 200: Json<Session> }> };
  '/api/me': { get: Read<None, never, { account: Account; tenants: Membership[] }> };
  '/api/tenants': {
    get: Read<None, never, { items: Tenant[] }>;
    post: Op<
      None,
      never,
      { name: string; language: Language; joinAs: null | 'admin' },
      { 202: Json<Tenant> }
    >;
  };
  '/api/tenants/{tenantId}': { get: Read<InTenant, never, Tenant> };
  '/api/platform/status': { get: Read<None, never, { version: string; components: Component[] }> };
  '/api/tenants/{tenantId}/documents': {
    get: Read<
      InTenant,
      Paged,
      {
        items: Document[];
        next: null | string;
        usage: { bytes: number; quotaBytes: number; documents: number };
      }
    >;
  };
  '/api/tenants/{tenantId}/documents/{documentId}': {
    get: Read<
      OfDocument,
      never,
      Document & { outline: { title: string; level: number; chunkId: string }[] }
    >;
    delete: Act<OfDocument, { 204: Empty }>;
  };
  '/api/tenants/{tenantId}/documents/{documentId}/retry': {
    post: Act<OfDocument, { 202: Json<Document> }>;
  };
  '/api/tenants/{tenantId}/passages/{chunkId}': {
    get: Read<InTenant & { chunkId: string }, never, Passage>;
  };
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
