import {
  Checkbox,
  Group,
  NativeSelect,
  NumberInput,
  PasswordInput,
  TextInput,
} from '@mantine/core';
import type { KindFieldsProps } from './kind-fields.tsx';
import type { LdapSettings } from './kinds.ts';

interface LdapFieldsProps extends Omit<KindFieldsProps, 'kind' | 'settings' | 'onChange'> {
  settings: LdapSettings;
  onChange: (change: Partial<LdapSettings>) => void;
}

const FILTERS = {
  standard: '(&(objectClass=inetOrgPerson)(mail={email}))',
  active_directory: '(&(objectCategory=person)(objectClass=user)(userPrincipalName={email}))',
} as const;

/** An LDAP directory: where it is, as whom it is asked, and where people and groups stand. */
export function LdapFields(props: LdapFieldsProps) {
  const { settings, onChange } = props;
  const setKind = (directory: LdapSettings['directory']): void =>
    onChange({
      directory,
      // What somebody wrote stays.
      ...(settings.personFilter === FILTERS[settings.directory]
        ? { personFilter: FILTERS[directory] }
        : {}),
      ...(directory === 'standard' && settings.groups === 'nested' ? { groups: 'member_of' } : {}),
    });
  return (
    <>
      <NativeSelect
        label="Directory"
        value={settings.directory}
        data={[
          { value: 'standard', label: 'OpenLDAP, 389 Directory Server and alike' },
          { value: 'active_directory', label: 'Active Directory' },
        ]}
        onChange={(event) => setKind(event.currentTarget.value as LdapSettings['directory'])}
      />
      <Place {...props} />
      <OwnAccount {...props} />
      <People {...props} />
      <Groups {...props} />
    </>
  );
}

function Place({ settings, onChange }: LdapFieldsProps) {
  const setSecurity = (security: LdapSettings['security']): void =>
    onChange({
      security,
      ...([389, 636].includes(settings.port) ? { port: security === 'ldaps' ? 636 : 389 } : {}),
    });
  return (
    <>
      <TextInput
        label="Host"
        description="As its certificate calls it. Never asked without TLS."
        required
        value={settings.host}
        onChange={(event) => onChange({ host: event.currentTarget.value.trim() })}
      />
      <Group grow align="flex-start">
        <NativeSelect
          label="Encryption"
          value={settings.security}
          data={[
            { value: 'ldaps', label: 'LDAPS' },
            { value: 'starttls', label: 'StartTLS' },
          ]}
          onChange={(event) => setSecurity(event.currentTarget.value as LdapSettings['security'])}
        />
        <NumberInput
          label="Port"
          required
          min={1}
          max={65_535}
          allowDecimal={false}
          hideControls
          value={settings.port}
          onChange={(port) => onChange({ port: Number(port) })}
        />
      </Group>
    </>
  );
}

function OwnAccount({ settings, onChange, secret, onSecret, connection }: LdapFieldsProps) {
  return (
    <>
      <TextInput
        label="Account that searches"
        description="Its distinguished name; in Active Directory also name@domain. It needs to read, nothing else."
        required
        value={settings.bindDn}
        onChange={(event) => onChange({ bindDn: event.currentTarget.value })}
      />
      <PasswordInput
        label="Its password"
        description={connection?.hasSecret ? 'One is kept. Leave empty to keep it.' : undefined}
        autoComplete="off"
        required={!connection?.hasSecret}
        value={secret}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        onChange={(event) => onSecret(event.currentTarget.value)}
      />
    </>
  );
}

function People({ settings, onChange }: LdapFieldsProps) {
  return (
    <>
      <TextInput
        label="People stand below"
        description="A distinguished name, such as ou=people,dc=example,dc=com."
        required
        value={settings.base}
        onChange={(event) => onChange({ base: event.currentTarget.value })}
      />
      <TextInput
        label="Filter that finds somebody"
        description="With {email}, or {user} for what stands before the @. It must find one person."
        required
        value={settings.personFilter}
        onChange={(event) => onChange({ personFilter: event.currentTarget.value })}
      />
      <Checkbox
        label="Only administrators of the directory can change e-mail addresses in it"
        description="Without it the addresses are not believed, and nobody comes for the first time."
        checked={settings.mailVouched}
        onChange={(event) => onChange({ mailVouched: event.currentTarget.checked })}
      />
    </>
  );
}

function Groups({ settings, onChange }: LdapFieldsProps) {
  const nested =
    settings.directory === 'active_directory'
      ? [{ value: 'nested', label: 'Groups of groups too (Active Directory)' }]
      : [];
  return (
    <>
      <NativeSelect
        label="Groups"
        value={settings.groups}
        data={[
          { value: 'none', label: 'None are read' },
          { value: 'member_of', label: 'memberOf of the person' },
          { value: 'member', label: 'member of the groups' },
          { value: 'member_uid', label: 'memberUid of POSIX groups' },
          ...nested,
        ]}
        onChange={(event) =>
          onChange({ groups: event.currentTarget.value as LdapSettings['groups'] })
        }
      />
      {settings.groups !== 'none' && (
        <TextInput
          label="Groups stand below"
          description="Only these count, by their common name or their whole name. Left empty: where people stand."
          value={settings.groupBase ?? ''}
          onChange={(event) => onChange({ groupBase: event.currentTarget.value || null })}
        />
      )}
    </>
  );
}
