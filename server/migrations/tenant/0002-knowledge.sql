-- What a tenant's people uploaded: its text and layout, the words of each passage, its vectors.
-- Originals are not kept (INP-05); a passage is all that a citation needs.

create table documents (
  id uuid primary key,
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  name text not null check (length(name) between 1 and 255),
  media_type text not null,
  -- Size of the original, which is what the quota counts.
  bytes bigint not null check (bytes >= 0),
  sha256 bytea not null check (length(sha256) = 32),
  state text not null default 'queued'
    check (state in ('queued', 'parsing', 'embedding', 'ready', 'failed')),
  -- Passages embedded so far, and all of them; 0 of 0 before the document was read.
  progress_done integer not null default 0,
  progress_total integer not null default 0,
  pages integer,
  language text not null default 'simple',
  -- Of a failed document what is wrong; of a waiting one what it waits for.
  error_code text,
  error_detail text,
  created_at timestamptz not null default now(),
  created_by uuid
);
-- The same bytes twice would cite themselves twice; a failed one may be tried again.
create unique index documents_content on documents (sha256) where state <> 'failed';
create index documents_unfinished on documents (id)
  where state in ('queued', 'parsing', 'embedding');
create index documents_name on documents using gin (name public.gin_trgm_ops);

create table chunks (
  id uuid primary key,
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  document_id uuid not null references documents (id) on delete cascade,
  ordinal integer not null,
  page integer,
  headings text[] not null default '{}',
  -- Rectangles on pages, in fractions of the page: [{"page","x","y","w","h"}].
  boxes jsonb not null default '[]',
  text text not null,
  unique (document_id, ordinal)
);

-- The words of a passage, folded. `lexemes` finds candidates; `words` (all of them, in order)
-- ranks them. Both live out of line, so that a scan of many candidates reads few pages.
create table chunk_words (
  chunk_id uuid primary key references chunks (id) on delete cascade,
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  words text not null,
  lexemes tsvector not null
) with (toast_tuple_target = 128);
alter table chunk_words alter column words set storage external;
create index chunk_words_lexemes on chunk_words using gin (lexemes)
  with (gin_pending_list_limit = 1024);

-- In how many passages each lexeme stands: PostgreSQL's own ranking knows no rarity.
create table lexemes (
  lexeme text primary key,
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  chunks integer not null
);

create table embedding_models (
  id smallint primary key,
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  name text not null unique,
  dimensions integer not null check (dimensions between 1 and 4000),
  -- The model whose vectors are searched; another may be filling up meanwhile.
  current boolean not null default false
);
create unique index embedding_models_current on embedding_models (current) where current;

create table embeddings (
  chunk_id uuid not null references chunks (id) on delete cascade,
  model_id smallint not null references embedding_models (id),
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  embedding public.halfvec not null,
  primary key (model_id, chunk_id)
);
create index embeddings_chunk on embeddings (chunk_id);
-- One graph per model, because dimensions differ.
create index embeddings_model_1 on embeddings
  using hnsw ((embedding::public.halfvec(384)) public.halfvec_cosine_ops) where model_id = 1;

-- One row: what the tenant uses.
create table knowledge_usage (
  tenant_id uuid primary key check (tenant_id = {{tenant_id}}),
  bytes bigint not null default 0 check (bytes >= 0),
  documents integer not null default 0 check (documents >= 0),
  chunks integer not null default 0 check (chunks >= 0)
);

alter table documents enable row level security;
alter table documents force row level security;
create policy tenant on documents
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
alter table chunks enable row level security;
alter table chunks force row level security;
create policy tenant on chunks
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
alter table chunk_words enable row level security;
alter table chunk_words force row level security;
create policy tenant on chunk_words
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
alter table lexemes enable row level security;
alter table lexemes force row level security;
create policy tenant on lexemes
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
alter table embedding_models enable row level security;
alter table embedding_models force row level security;
create policy tenant on embedding_models
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
alter table embeddings enable row level security;
alter table embeddings force row level security;
create policy tenant on embeddings
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
alter table knowledge_usage enable row level security;
alter table knowledge_usage force row level security;
create policy tenant on knowledge_usage
  using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));

grant select, insert, update, delete on documents, chunks, chunk_words, lexemes, embedding_models,
  embeddings to {{tenant}};
grant select, insert, update on knowledge_usage to {{tenant}};
