-- In the tier where the tenant holds its own seal, names, passages and headings are encrypted fields,
-- and the words and vectors of the search live in unlogged tables: never in the write-ahead log, nor
-- in a base backup, and gone at once when the tenant is sealed. {{tenant_id}} is the id's literal.
alter table chunks add column sealed_headings text;
alter table message_citations add column sealed_headings text;

do $$
begin
  if (select tier from control.tenants where id = {{tenant_id}}) <> 'sealed' then return; end if;

  alter table documents drop constraint documents_name_check;
  drop index documents_name;

  -- Nothing readable gets in, whoever writes it; key rotation moves these fields like the others.
  alter table documents add constraint keys_name check (name ~ '^cm1\.[0-9]{1,9}\.');
  alter table documents add constraint keys_error_detail check (error_detail ~ '^cm1\.[0-9]{1,9}\.');
  alter table chunks add constraint keys_text check (text ~ '^cm1\.[0-9]{1,9}\.');
  alter table chunks add constraint keys_sealed_headings
    check (sealed_headings ~ '^cm1\.[0-9]{1,9}\.' and headings = '{}');
  alter table messages add constraint keys_error_detail check (error_detail ~ '^cm1\.[0-9]{1,9}\.');
  alter table message_citations add constraint keys_document_name
    check (document_name ~ '^cm1\.[0-9]{1,9}\.');
  alter table message_citations add constraint keys_sealed_headings
    check (sealed_headings ~ '^cm1\.[0-9]{1,9}\.' and headings = '{}');
  create policy rekeyer on documents to casemate_rekeyer
    using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
  create policy rekeyer on chunks to casemate_rekeyer
    using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
  grant select (id, name, error_detail), update (name, error_detail) on documents to casemate_rekeyer;
  grant select (id, text, sealed_headings), update (text, sealed_headings) on chunks to casemate_rekeyer;
  grant select (error_detail), update (error_detail) on messages to casemate_rekeyer;
  grant select (document_name, sealed_headings), update (document_name, sealed_headings)
    on message_citations to casemate_rekeyer;

  alter table chunk_words set unlogged;
  alter table lexemes set unlogged;
  alter table embeddings set unlogged;

  -- Statistics keep samples of a column in a logged catalog: none of what is read in the clear.
  alter table chunk_words alter column words set statistics 0;
  alter table chunk_words alter column lexemes set statistics 0;
  alter table lexemes alter column lexeme set statistics 0;
  alter table embeddings alter column embedding set statistics 0;
  alter index embeddings_model_1 alter column 1 set statistics 0;

  -- One row while the index is whole; a crash of the database empties it with the index.
  create unlogged table search_index (
    tenant_id uuid primary key check (tenant_id = {{tenant_id}}),
    built_at timestamptz not null default now()
  );
  alter table search_index enable row level security;
  alter table search_index force row level security;
  create policy tenant on search_index
    using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
  grant select, insert, delete on search_index to {{tenant}};

  -- The vector of a passage as an encrypted field, so that opening the tenant need not ask the model
  -- for all of them again.
  create table chunk_vectors (
    chunk_id uuid not null references chunks (id) on delete cascade,
    model_id smallint not null references embedding_models (id),
    tenant_id uuid not null check (tenant_id = {{tenant_id}}),
    vector text not null constraint keys_vector check (vector ~ '^cm1\.[0-9]{1,9}\.'),
    primary key (model_id, chunk_id)
  );
  alter table chunk_vectors enable row level security;
  alter table chunk_vectors force row level security;
  create policy tenant on chunk_vectors
    using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
  grant select, insert, update, delete on chunk_vectors to {{tenant}};
  create policy rekeyer on chunk_vectors to casemate_rekeyer
    using (tenant_id = (select control.tenant())) with check (tenant_id = (select control.tenant()));
  grant select (model_id, chunk_id, vector), update (vector) on chunk_vectors to casemate_rekeyer;
end $$;
