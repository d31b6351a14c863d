import { PasswordInput, TagsInput, TextInput } from '@mantine/core';
import { CopyRecord } from './copy-record.tsx';
import type { KindFieldsProps } from './kind-fields.tsx';
import type { OidcSettings } from './kinds.ts';
import { MoreSettings } from './more-settings.tsx';

interface OidcFieldsProps extends Omit<
  KindFieldsProps,
  'kind' | 'owner' | 'settings' | 'onChange'
> {
  settings: OidcSettings;
  onChange: (change: Partial<OidcSettings>) => void;
}

/** An OpenID provider: whom it calls itself, as whom it knows this appliance, and what else it may say. */
export function OidcFields(props: OidcFieldsProps) {
  const { settings, onChange, secret, onSecret, addresses, connection } = props;
  return (
    <>
      <OwnAddresses {...addresses} />
      <TextInput
        label="Issuer"
        description="The provider’s address as it calls itself: https, its host and, where it has one, a path."
        required
        type="url"
        value={settings.issuer}
        onChange={(event) => onChange({ issuer: event.currentTarget.value.trim() })}
      />
      <TextInput
        label="Client id"
        required
        value={settings.client}
        onChange={(event) => onChange({ client: event.currentTarget.value })}
      />
      <PasswordInput
        label="Client secret"
        description={connection?.hasSecret ? 'One is kept. Leave empty to keep it.' : undefined}
        autoComplete="off"
        value={secret}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the secret', tabIndex: 0 }}
        onChange={(event) => onSecret(event.currentTarget.value)}
      />
      <RareSettings settings={settings} onChange={onChange} />
    </>
  );
}

function OwnAddresses({ redirectUri, backChannelUri }: KindFieldsProps['addresses']) {
  return (
    <>
      <p>At your provider, register this appliance as a web application with these addresses:</p>
      <CopyRecord value={redirectUri} label="Copy the redirect address" />
      <CopyRecord value={backChannelUri} label="Copy the back-channel address" />
    </>
  );
}

function RareSettings({ settings, onChange }: Pick<OidcFieldsProps, 'settings' | 'onChange'>) {
  return (
    <MoreSettings title="More about the provider">
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
    </MoreSettings>
  );
}
