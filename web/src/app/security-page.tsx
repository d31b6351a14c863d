import { DevicesSection } from '../features/account/devices-section.tsx';
import { IdentitiesSection } from '../features/account/identities-section.tsx';
import { PasswordSection } from '../features/account/password-section.tsx';
import { ProfileSection } from '../features/account/profile-section.tsx';
import { FactorsSection } from '../features/factors/factors-section.tsx';
import { useSession } from '../lib/session/use-session.ts';
import { Page } from '../ui/page.tsx';

/** What guards one's own account: each feature brings a section of its own. */
export function SecurityPage() {
  const { account } = useSession();
  return (
    <Page title="Security" lead={`How ${account.email} signs in, and what guards it.`}>
      <ProfileSection />
      <PasswordSection />
      <FactorsSection />
      <IdentitiesSection />
      <DevicesSection />
    </Page>
  );
}
