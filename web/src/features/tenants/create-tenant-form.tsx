import { Button, Checkbox, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { toProblem } from '../../lib/api/api-problem.ts';
import type { Tenant } from '../../lib/api/types.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { CustodianField } from './custodian-field.tsx';
import { TierChoice } from './tier-choice.tsx';
import { useCreateTenant } from './use-create-tenant.ts';
import { languages } from './languages.ts';

const languageOptions = Object.entries(languages).map(([value, label]) => ({ value, label }));

/** Name, language, and whether the one who makes it administers it. */
export function CreateTenantForm({ onCreated }: { onCreated: (tenant: Tenant) => void }) {
  const create = useCreateTenant();
  const [name, setName] = useState('');
  const [language, setLanguage] = useState<Tenant['language']>('en');
  const [tier, setTier] = useState<Tenant['tier']>('standard');
  const [join, setJoin] = useState(true);
  const [custodian, setCustodian] = useState('');
  const fields = create.error ? toProblem(create.error).fields : {};

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    create.mutate(
      {
        ...{ name: name.trim(), language, tier, joinAs: join ? 'admin' : null },
        custodian: tier === 'sealed' ? custodian.trim() : null,
      },
      { onSuccess: onCreated },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name of the tenant"
          description="A department, a client or a subsidiary, as its people call it."
          required
          data-autofocus
          maxLength={80}
          value={name}
          error={fields['name']}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label="Language of its documents"
          description="Search uses it to find other forms of the same word."
          data={languageOptions}
          value={language}
          onChange={(event) => setLanguage(event.currentTarget.value as Tenant['language'])}
        />
        <TierChoice tier={tier} onChange={setTier} />
        {tier === 'sealed' && (
          <CustodianField value={custodian} error={fields['custodian']} onChange={setCustodian} />
        )}
        <Checkbox
          label="I will be its administrator"
          description="Then you can upload documents and ask. Without this you make the tenant and see nothing of what is in it."
          checked={join}
          onChange={(event) => setJoin(event.currentTarget.checked)}
        />
        {create.error && <ProblemPanel title="The tenant was not made" error={create.error} />}
        <Button type="submit" size="md" loading={create.isPending}>
          Create the tenant
        </Button>
      </Stack>
    </form>
  );
}
