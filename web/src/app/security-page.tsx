import { Page } from '../ui/page.tsx';
import { useSession } from '../lib/session/use-session.ts';

/** What guards one's own account: each feature brings a section of its own. */
export function SecurityPage() {
  const { account } = useSession();
  return (
    <Page title="Security" lead={`How ${account.email} signs in, and what guards it.`}>
      {null}
    </Page>
  );
}
