import type { Connection, Connections } from '../../lib/api/types.ts';
import type { Kind, KindSettings } from './kinds.ts';
import { LdapFields } from './ldap-fields.tsx';
import { OidcFields } from './oidc-fields.tsx';
import { SamlFields } from './saml-fields.tsx';
import type { Owner } from './sso-api.ts';

export interface KindFieldsProps {
  owner: Owner;
  kind: Kind;
  settings: KindSettings;
  onChange: (settings: KindSettings) => void;
  secret: string;
  onSecret: (secret: string) => void;
  addresses: Pick<Connections, 'redirectUri' | 'backChannelUri'>;
  connection: Connection | null;
}

/** What one kind of directory asks for, beside what all have. */
export function KindFields({ kind, settings, onChange, ...rest }: KindFieldsProps) {
  const change = (of: Kind) => (more: object) =>
    onChange({ ...settings, [of]: { ...settings[of], ...more } });
  switch (kind) {
    case 'oidc':
      return <OidcFields {...rest} settings={settings.oidc} onChange={change('oidc')} />;
    case 'ldap':
      return <LdapFields {...rest} settings={settings.ldap} onChange={change('ldap')} />;
    case 'saml':
      return <SamlFields {...rest} settings={settings.saml} onChange={change('saml')} />;
    default:
      return kind satisfies never;
  }
}
