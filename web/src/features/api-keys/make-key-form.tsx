import { Button, Checkbox, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { toProblem } from '../../lib/api/api-problem.ts';
import type { KeyWish, MadeKey, ServiceAccount } from '../../lib/api/types.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { readNetworks, scopeWords } from './key-words.ts';
import { useMakeKey } from './use-api-keys.ts';

interface MakeKeyFormProps {
  tenantId: string;
  /** What one's own role allows; a service account may have less, which the server says. */
  scopes: string[];
  services: ServiceAccount[];
  onMade: (key: MadeKey) => void;
}

const LIFETIMES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '180', label: '180 days' },
  { value: '365', label: 'A year' },
];

/** Name, owner, scopes, end and networks of a new key. */
export function MakeKeyForm({ tenantId, scopes, services, onMade }: MakeKeyFormProps) {
  const make = useMakeKey(tenantId);
  const [name, setName] = useState('');
  const [owner, setOwner] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const [days, setDays] = useState('90');
  const [networks, setNetworks] = useState('');
  const fields = make.error ? toProblem(make.error).fields : {};
  const networkFault = Object.entries(fields).find(([field]) => field.startsWith('addresses'))?.[1];

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    make.mutate(
      {
        name: name.trim(),
        owner: owner === '' ? null : owner,
        scopes: chosen as KeyWish['scopes'],
        expiresInDays: Number(days),
        addresses: readNetworks(networks),
      },
      { onSuccess: onMade },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="What the program is called that will use it."
          required
          data-autofocus
          maxLength={80}
          value={name}
          error={fields['name']}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {services.length > 0 && (
          <NativeSelect
            label="Owner"
            description="The key may do at most what its owner may, and ends with them."
            data={[
              { value: '', label: 'Myself' },
              ...services.map(({ id, name: label }) => ({ value: id, label })),
            ]}
            value={owner}
            onChange={(event) => setOwner(event.currentTarget.value)}
          />
        )}
        <Checkbox.Group
          label="Scopes"
          description="Nothing else is open to it. A key never makes keys and never changes rights."
          value={chosen}
          error={fields['scopes']}
          onChange={setChosen}
        >
          <Stack gap="xs" mt="xs">
            {scopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={scopeWords(scope)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <NativeSelect
          label="Ends after"
          data={LIFETIMES}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
        />
        <Textarea
          label="Networks from which it may be used"
          description="Addresses or networks such as 10.1.0.0/16, one a line. Empty: from anywhere on the intranet."
          autosize
          minRows={2}
          maxRows={6}
          value={networks}
          error={networkFault}
          onChange={(event) => setNetworks(event.currentTarget.value)}
        />
        {make.error && <ProblemPanel title="The key was not made" error={make.error} />}
        <Button type="submit" size="md" loading={make.isPending} disabled={chosen.length === 0}>
          Make the key
        </Button>
        {chosen.length === 0 && (
          <Text size="sm" c="dimmed">
            Choose at least one scope.
          </Text>
        )}
      </Stack>
    </form>
  );
}
