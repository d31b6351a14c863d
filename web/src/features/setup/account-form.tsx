import { NewAccountForm } from '../../ui/new-account-form.tsx';
import { useAcceptSetupLink } from './use-accept-setup-link.ts';

interface AccountFormProps {
  token: string;
  email: string | null;
  onDone: () => void;
}

/** Spends the set-up link for a new account. */
export function AccountForm({ token, email, onDone }: AccountFormProps) {
  const accept = useAcceptSetupLink();
  return (
    <NewAccountForm
      email={email}
      action="Create my account"
      busy={accept.isPending}
      error={accept.error}
      onSubmit={(account) => accept.mutate({ token, ...account }, { onSuccess: onDone })}
    />
  );
}
