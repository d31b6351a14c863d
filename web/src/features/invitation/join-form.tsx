import { useNavigate } from 'react-router';
import { announce } from '../../ui/announce.ts';
import { NewAccountForm, type NewAccount } from '../../ui/new-account-form.tsx';
import { useAcceptAsNew } from './use-accept.ts';

/** Name and password of somebody who has no account yet. */
export function JoinForm({ token, email }: { token: string; email: string }) {
  const accept = useAcceptAsNew();
  const navigate = useNavigate();
  const join = ({ name, password }: NewAccount): void => {
    const onSuccess = (): void => {
      announce('Your account is made. Sign in with it.');
      void navigate('/sign-in', { replace: true, state: { email, said: 'made' } });
    };
    accept.mutate({ token, name, password }, { onSuccess });
  };
  return (
    <NewAccountForm
      email={email}
      action="Accept the invitation"
      busy={accept.isPending}
      error={accept.error}
      onSubmit={join}
    />
  );
}
