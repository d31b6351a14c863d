import {
  Button,
  Checkbox,
  Group,
  Modal,
  NativeSelect,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { Connection, Connections } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { KindFields } from './kind-fields.tsx';
import { kindOf, KINDS, settingsFrom, type Kind } from './kinds.ts';
import { faultyLine, readMappings, writeMappings } from './mappings.ts';
import { saveConnection, type ConnectionWish, type Owner, type Role } from './sso-api.ts';
import { useSsoChange } from './use-sso.ts';

interface ConnectionFormProps {
  owner: Owner;
  addresses: Pick<Connections, 'redirectUri' | 'backChannelUri'>;
  connection: Connection | null;
  onClose: () => void;
}

/** Makes a draft of a connection to a directory, or changes one. */
export function ConnectionForm({ owner, addresses, connection, onClose }: ConnectionFormProps) {
  const save = useSsoChange(owner, saveConnection);
  const [kind, setKind] = useState(() => kindOf(connection));
  const [settings, setSettings] = useState(() => settingsFrom(connection));
  const [wish, setWish] = useState(() => ({
    name: connection?.name ?? '',
    domains: connection?.domains ?? [],
    justInTime: connection?.justInTime ?? true,
    defaultRole: connection ? connection.defaultRole : ('member' as const),
  }));
  const [secret, setSecret] = useState('');
  const [mappings, setMappings] = useState(() => writeMappings(connection?.mappings ?? [], owner));
  const [fault, setFault] = useState<string | null>(null);
  const set = (change: Partial<typeof wish>): void => setWish({ ...wish, ...change });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const wrong = faultyLine(mappings, owner);
    setFault(wrong);
    if (wrong !== null) return;
    const whole: ConnectionWish = {
      ...wish,
      ...{ kind, settings: settings[kind] },
      mappings: readMappings(mappings, owner),
      ...(secret === '' ? {} : { secret }),
    };
    save.mutate(
      { id: connection?.id ?? null, wish: whole },
      {
        onSuccess: () => {
          announce(`${wish.name} is saved`);
          onClose();
        },
      },
    );
  };
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={connection ? `Change ${connection.name}` : 'Connect a directory'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            description="People read it: “Sign in with …”."
            required
            data-autofocus
            maxLength={80}
            value={wish.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          {connection === null && Object.keys(KINDS).length > 1 && (
            <NativeSelect
              label="Kind"
              value={kind}
              data={Object.entries(KINDS).map(([value, label]) => ({ value, label }))}
              onChange={(event) => setKind(event.currentTarget.value as Kind)}
            />
          )}
          <KindFields
            {...{ owner, kind, settings, secret, addresses, connection }}
            onChange={setSettings}
            onSecret={setSecret}
          />
          <TagsInput
            label="E-mail domains"
            description="Of your proven ones; Enter after each."
            value={wish.domains}
            onChange={(domains) => set({ domains })}
          />
          <Checkbox
            label="Make accounts for people who come for the first time"
            checked={wish.justInTime}
            onChange={(event) => set({ justInTime: event.currentTarget.checked })}
          />
          {owner !== null && (
            <RoleField role={wish.defaultRole} onChange={(defaultRole) => set({ defaultRole })} />
          )}
          <Textarea
            label="Roles of groups"
            description={
              owner === null
                ? 'A line each: group = role = id of the tenant.'
                : 'A line each: group = role. The highest counts, at each sign-in.'
            }
            autosize
            minRows={2}
            error={fault}
            value={mappings}
            onChange={(event) => setMappings(event.currentTarget.value)}
          />
          {save.error && <ProblemPanel title="It was not saved" error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface RoleFieldProps {
  role: Role | null;
  onChange: (role: Role | null) => void;
}

function RoleField({ role, onChange }: RoleFieldProps) {
  return (
    <NativeSelect
      label="Role without a group"
      value={role ?? ''}
      data={[
        { value: '', label: 'None: they are not let in' },
        { value: 'member', label: 'Member' },
        { value: 'reviewer', label: 'Reviewer' },
        { value: 'admin', label: 'Administrator' },
      ]}
      onChange={(event) => onChange((event.currentTarget.value || null) as Role | null)}
    />
  );
}
