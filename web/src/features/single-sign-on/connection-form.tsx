import {
  Accordion,
  Button,
  Checkbox,
  Group,
  Modal,
  NativeSelect,
  PasswordInput,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { Connection, Connections } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { CopyAction } from '../../ui/copy-action.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { faultyLine, readMappings, writeMappings } from './mappings.ts';
import { saveConnection, type ConnectionWish, type Owner, type Role } from './sso-api.ts';
import classes from './sso.module.css';
import { useSsoChange } from './use-sso.ts';

interface ConnectionFormProps {
  owner: Owner;
  addresses: Pick<Connections, 'redirectUri' | 'backChannelUri'>;
  connection: Connection | null;
  onClose: () => void;
}

/** Makes a draft of a connection to an OpenID provider, or changes one. */
export function ConnectionForm({ owner, addresses, connection, onClose }: ConnectionFormProps) {
  const save = useSsoChange(owner, saveConnection);
  const [wish, setWish] = useState(() => wishOf(connection));
  const [secret, setSecret] = useState('');
  const [mappings, setMappings] = useState(() => writeMappings(connection?.mappings ?? [], owner));
  const [fault, setFault] = useState<string | null>(null);
  const set = (change: Partial<ConnectionWish>): void => setWish({ ...wish, ...change });
  const setting = (change: Partial<ConnectionWish['settings']>): void =>
    set({ settings: { ...wish.settings, ...change } });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const wrong = faultyLine(mappings, owner);
    setFault(wrong);
    if (wrong !== null) return;
    const whole = {
      ...wish,
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
      title={connection ? `Change ${connection.name}` : 'Connect an OpenID provider'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          <OwnAddresses {...addresses} />
          <TextInput
            label="Name"
            description="People read it: “Sign in with …”."
            required
            data-autofocus
            maxLength={80}
            value={wish.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <TextInput
            label="Issuer"
            description="The provider’s address as it calls itself: https, its host and, where it has one, a path."
            required
            type="url"
            value={wish.settings.issuer}
            onChange={(event) => setting({ issuer: event.currentTarget.value.trim() })}
          />
          <TextInput
            label="Client id"
            required
            value={wish.settings.client}
            onChange={(event) => setting({ client: event.currentTarget.value })}
          />
          <PasswordInput
            label="Client secret"
            description={connection?.hasSecret ? 'One is kept. Leave empty to keep it.' : undefined}
            autoComplete="off"
            value={secret}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the secret', tabIndex: 0 }}
            onChange={(event) => setSecret(event.currentTarget.value)}
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
          <MoreSettings settings={wish.settings} onChange={setting} />
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

function wishOf(connection: Connection | null): ConnectionWish {
  const settings = (connection?.settings ?? {}) as Partial<ConnectionWish['settings']>;
  return {
    kind: 'oidc',
    name: connection?.name ?? '',
    domains: connection?.domains ?? [],
    justInTime: connection?.justInTime ?? true,
    defaultRole: connection ? connection.defaultRole : 'member',
    mappings: [],
    settings: {
      issuer: settings.issuer ?? '',
      client: settings.client ?? '',
      scopes: settings.scopes ?? [],
      groupsClaim: settings.groupsClaim ?? 'groups',
      trustedAmr: settings.trustedAmr ?? [],
      trustedAcr: settings.trustedAcr ?? [],
    },
  };
}

function OwnAddresses({ redirectUri, backChannelUri }: ConnectionFormProps['addresses']) {
  return (
    <>
      <p>At your provider, register this appliance as a web application with these addresses:</p>
      <span className={classes.record}>
        <code>{redirectUri}</code>
        <CopyAction value={redirectUri} label="Copy the redirect address" />
      </span>
      <span className={classes.record}>
        <code>{backChannelUri}</code>
        <CopyAction value={backChannelUri} label="Copy the back-channel address" />
      </span>
    </>
  );
}

interface MoreSettingsProps {
  settings: ConnectionWish['settings'];
  onChange: (change: Partial<ConnectionWish['settings']>) => void;
}

function MoreSettings({ settings, onChange }: MoreSettingsProps) {
  return (
    <Accordion variant="contained">
      <Accordion.Item value="more">
        <Accordion.Control>More about the provider</Accordion.Control>
        <Accordion.Panel>
          <Stack>
            <TextInput
              label="Claim that lists the groups"
              value={settings.groupsClaim}
              onChange={(event) => onChange({ groupsClaim: event.currentTarget.value })}
            />
            <TagsInput
              label="Further scopes"
              value={settings.scopes}
              onChange={(scopes) => onChange({ scopes })}
            />
            <TagsInput
              label="Trusted second factors (amr)"
              description="Where the provider says one of these, our second factor is not asked."
              value={settings.trustedAmr}
              onChange={(trustedAmr) => onChange({ trustedAmr })}
            />
            <TagsInput
              label="Trusted levels (acr)"
              value={settings.trustedAcr}
              onChange={(trustedAcr) => onChange({ trustedAcr })}
            />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
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
