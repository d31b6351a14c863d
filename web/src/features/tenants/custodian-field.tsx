import { TextInput } from '@mantine/core';
import { useSession } from '../../lib/session/use-session.ts';

interface CustodianFieldProps {
  value: string;
  error: string | undefined;
  onChange: (email: string) => void;
}

/** Who alone makes and takes the key shares; whoever runs the platform is told what naming oneself means. */
export function CustodianField({ value, error, onChange }: CustodianFieldProps) {
  const { account } = useSession();
  const self = value.trim().toLowerCase() === account.email.toLowerCase();
  return (
    <TextInput
      label="E-mail of its custodian"
      description={
        self
          ? 'That is you. You run the platform and would hold its key as well: every member is shown so.'
          : 'This person alone makes and takes its key shares, and becomes its administrator. Named now, for good.'
      }
      type="email"
      required
      maxLength={254}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
