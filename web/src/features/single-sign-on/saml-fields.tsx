import { Button, Checkbox, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { readCertificates, writeCertificates } from './certificate-texts.ts';
import { CopyRecord } from './copy-record.tsx';
import type { KindFieldsProps } from './kind-fields.tsx';
import type { SamlSettings } from './kinds.ts';
import { MoreSettings } from './more-settings.tsx';
import { readMetadata } from './sso-api.ts';

interface SamlFieldsProps extends Pick<KindFieldsProps, 'owner' | 'connection'> {
  settings: SamlSettings;
  onChange: (change: Partial<SamlSettings>) => void;
}

/** A SAML provider: what it must know of this appliance, what its description says, and what its words mean. */
export function SamlFields({ owner, connection, settings, onChange }: SamlFieldsProps) {
  const [certificates, setCertificates] = useState(() => writeCertificates(settings.certificates));
  const [metadata, setMetadata] = useState('');
  const read = useMutation({
    mutationFn: () => readMetadata(owner, metadata),
    onSuccess: (found) => {
      onChange(found);
      setCertificates(writeCertificates(found.certificates));
      announce('The description is read; look at what it says, then save');
    },
  });
  return (
    <>
      <OwnAddresses saml={connection?.saml ?? null} />
      <Textarea
        label="Metadata of your directory"
        description="Its description as XML. Nothing is fetched: paste it here, or fill in the fields."
        autosize
        minRows={2}
        maxRows={6}
        value={metadata}
        onChange={(event) => setMetadata(event.currentTarget.value)}
      />
      <Button
        variant="default"
        disabled={metadata.trim() === ''}
        loading={read.isPending}
        onClick={() => read.mutate()}
      >
        Read the metadata
      </Button>
      {read.error && <ProblemPanel title="It was not read" error={read.error} />}
      <TextInput
        label="Entity ID of your directory"
        value={settings.entity}
        onChange={(event) => onChange({ entity: event.currentTarget.value })}
      />
      <TextInput
        label="Sign-on address"
        description="Where people are sent, by redirect."
        type="url"
        value={settings.signOnUrl}
        onChange={(event) => onChange({ signOnUrl: event.currentTarget.value.trim() })}
      />
      <Textarea
        label="Certificates"
        description="With which it signs, one below the other. While it changes its key, both: either counts."
        autosize
        minRows={2}
        maxRows={8}
        value={certificates}
        onChange={(event) => {
          setCertificates(event.currentTarget.value);
          onChange({ certificates: readCertificates(event.currentTarget.value) });
        }}
      />
      <TextInput
        label="Attribute with the e-mail address"
        required
        value={settings.emailAttribute}
        onChange={(event) => onChange({ emailAttribute: event.currentTarget.value })}
      />
      <Checkbox
        label="The directory gives people their addresses itself"
        description="Nobody can enter another one there. Only then does an address find or make an account."
        checked={settings.mailVouched}
        onChange={(event) => onChange({ mailVouched: event.currentTarget.checked })}
      />
      <RareSettings settings={settings} onChange={onChange} />
    </>
  );
}

function OwnAddresses({
  saml,
}: {
  saml: NonNullable<KindFieldsProps['connection']>['saml'] | null;
}) {
  if (!saml)
    return (
      <p>
        Save a draft first: then the addresses are shown here that your directory asks for. The rest
        can follow.
      </p>
    );
  return (
    <>
      <p>
        Your directory has to know these two: our entity ID, where our metadata is to be had, too,
        and the address for its answers (ACS, by POST).
      </p>
      <CopyRecord value={saml.entityId} label="Copy our entity ID" />
      <CopyRecord value={saml.acsUrl} label="Copy the address for answers" />
    </>
  );
}

function RareSettings({ settings, onChange }: Pick<SamlFieldsProps, 'settings' | 'onChange'>) {
  return (
    <MoreSettings title="More about the directory">
      <TextInput
        label="Attribute that names a person for ever"
        description="Empty: a persistent NameID does. Never one that can be given to somebody else, such as an address."
        value={settings.subjectAttribute ?? ''}
        onChange={(event) =>
          onChange({ subjectAttribute: event.currentTarget.value.trim() || null })
        }
      />
      <TextInput
        label="Attribute with the name"
        required
        value={settings.nameAttribute}
        onChange={(event) => onChange({ nameAttribute: event.currentTarget.value })}
      />
      <TextInput
        label="Attribute that lists the groups"
        required
        value={settings.groupsAttribute}
        onChange={(event) => onChange({ groupsAttribute: event.currentTarget.value })}
      />
      <TextInput
        label="Sign-out address"
        description="By redirect. Empty: one signs out here alone."
        type="url"
        value={settings.signOutUrl ?? ''}
        onChange={(event) => onChange({ signOutUrl: event.currentTarget.value.trim() || null })}
      />
      <Checkbox
        label="Sign our requests"
        checked={settings.signRequests}
        onChange={(event) => onChange({ signRequests: event.currentTarget.checked })}
      />
      <TagsInput
        label="Trusted second factors (authentication contexts)"
        description="Where the directory says one of these, our second factor is not asked."
        value={settings.trustedContexts}
        onChange={(trustedContexts) => onChange({ trustedContexts })}
      />
    </MoreSettings>
  );
}
