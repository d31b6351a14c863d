-- Conversations. Every row belongs to one person of the tenant: row security tests both.
-- {{tenant}} is the schema and the role, {{tenant_id}} the id's literal. Texts that people or the
-- model wrote (title, content, data, quote) are encrypted fields.

create table conversations (
  id uuid primary key,
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  account_id uuid not null,
  title text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index conversations_recent on conversations (account_id, updated_at desc, id desc);

create table messages (
  id uuid primary key,
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  account_id uuid not null,
  conversation_id uuid not null references conversations (id) on delete cascade,
  role text not null check (role in ('user', 'assistant')),
  -- Null while the answer streams: its text is then in message_events.
  content text,
  state text not null check (state in ('streaming', 'complete', 'stopped', 'failed')),
  verdict text check (verdict in ('supported', 'partly_supported', 'quoted', 'not_in_documents')),
  -- Offsets, marks and citation numbers; no text.
  sentences jsonb,
  error_code text,
  error_detail text,
  regenerates uuid references messages (id) on delete cascade,
  -- Kept alive by the process that answers; an answer whose lease ended has lost its process.
  lease_until timestamptz,
  stop_requested boolean not null default false,
  last_event integer not null default 0,
  model text,
  prompt_sha256 bytea check (length(prompt_sha256) = 32),
  response_sha256 bytea check (length(response_sha256) = 32),
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  check (state <> 'streaming' or (role = 'assistant' and lease_until is not null))
);
create index messages_of_conversation on messages (conversation_id, id);
create index messages_regenerates on messages (regenerates) where regenerates is not null;
-- Two answers at once in one conversation would read each other's half sentences.
create unique index messages_one_answer on messages (conversation_id) where state = 'streaming';

-- Copied from the passages, so that an answer keeps its sources when a document is deleted.
create table message_citations (
  message_id uuid not null references messages (id) on delete cascade,
  n integer not null check (n > 0),
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  account_id uuid not null,
  chunk_id uuid not null,
  document_id uuid not null,
  document_name text not null,
  page integer,
  headings text[] not null default '{}',
  quote text not null,
  primary key (message_id, n)
);

-- What a stream sent, in batches; `id` is the number of the batch's last event. Forgotten soon
-- after the answer is settled.
create table message_events (
  message_id uuid not null references messages (id) on delete cascade,
  id integer not null check (id > 0),
  tenant_id uuid not null check (tenant_id = {{tenant_id}}),
  account_id uuid not null,
  data text not null,
  primary key (message_id, id)
);

alter table conversations enable row level security;
alter table conversations force row level security;
create policy owner on conversations
  using (tenant_id = (select control.tenant()) and account_id = (select control.account()))
  with check (tenant_id = (select control.tenant()) and account_id = (select control.account()));
alter table messages enable row level security;
alter table messages force row level security;
create policy owner on messages
  using (tenant_id = (select control.tenant()) and account_id = (select control.account()))
  with check (tenant_id = (select control.tenant()) and account_id = (select control.account()));
alter table message_citations enable row level security;
alter table message_citations force row level security;
create policy owner on message_citations
  using (tenant_id = (select control.tenant()) and account_id = (select control.account()))
  with check (tenant_id = (select control.tenant()) and account_id = (select control.account()));
alter table message_events enable row level security;
alter table message_events force row level security;
create policy owner on message_events
  using (tenant_id = (select control.tenant()) and account_id = (select control.account()))
  with check (tenant_id = (select control.tenant()) and account_id = (select control.account()));

grant select, insert, update, delete
  on conversations, messages, message_citations, message_events to {{tenant}};
