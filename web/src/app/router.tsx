import { Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { Shell } from './shell/shell.tsx';
import { HomeRedirect } from './home-redirect.tsx';
import { lazyPage } from './lazy-page.ts';
import { NotFoundPage } from './not-found-page.tsx';
import { OpeningPage } from './opening-page.tsx';
import { RequireFactor } from './require-factor.tsx';
import { RequirePlatformRole } from './require-platform-role.tsx';
import { RequirePermission } from './require-permission.tsx';
import { RequireSession } from './require-session.tsx';
import { RequireTenant } from './require-tenant.tsx';

const SecurityPage = lazyPage(() => import('./security-page.tsx'), 'SecurityPage');
const SetupPage = lazyPage(() => import('../features/setup/setup-page.tsx'), 'SetupPage');
const SignInPage = lazyPage(() => import('../features/sign-in/sign-in-page.tsx'), 'SignInPage');
const CallbackPage = lazyPage(
  () => import('../features/sign-in/callback-page.tsx'),
  'CallbackPage',
);
const TenantSsoPage = lazyPage(
  () => import('../features/single-sign-on/sso-page.tsx'),
  'TenantSsoPage',
);
const PlatformSsoPage = lazyPage(
  () => import('../features/single-sign-on/sso-page.tsx'),
  'PlatformSsoPage',
);
const InvitationPage = lazyPage(
  () => import('../features/invitation/invitation-page.tsx'),
  'InvitationPage',
);
const ForgottenPage = lazyPage(
  () => import('../features/forgotten/forgotten-page.tsx'),
  'ForgottenPage',
);
const ResetPage = lazyPage(() => import('../features/forgotten/reset-page.tsx'), 'ResetPage');
const ConfirmEmailPage = lazyPage(
  () => import('../features/account/confirm-email-page.tsx'),
  'ConfirmEmailPage',
);
const TeamPage = lazyPage(() => import('../features/team/team-page.tsx'), 'TeamPage');
const GroupsPage = lazyPage(() => import('../features/groups/groups-page.tsx'), 'GroupsPage');
const GroupPage = lazyPage(() => import('../features/groups/group-page.tsx'), 'GroupPage');
const TenantVisitsPage = lazyPage(
  () => import('../features/visits/tenant-visits-page.tsx'),
  'TenantVisitsPage',
);
const PlatformVisitsPage = lazyPage(
  () => import('../features/visits/platform-visits-page.tsx'),
  'PlatformVisitsPage',
);
const AccessReviewPage = lazyPage(
  () => import('../features/access-review/access-review-page.tsx'),
  'AccessReviewPage',
);
const RolesPage = lazyPage(() => import('../features/roles/roles-page.tsx'), 'RolesPage');
const DirectoryPage = lazyPage(
  () => import('../features/directory/directory-page.tsx'),
  'DirectoryPage',
);
const PeoplePage = lazyPage(() => import('../features/people/people-page.tsx'), 'PeoplePage');
const FirstTenantPage = lazyPage(
  () => import('../features/tenants/first-tenant-page.tsx'),
  'FirstTenantPage',
);
const TenantsPage = lazyPage(() => import('../features/tenants/tenants-page.tsx'), 'TenantsPage');
const ChatPage = lazyPage(() => import('../features/chat/chat-page.tsx'), 'ChatPage');
const DocumentsPage = lazyPage(
  () => import('../features/documents/documents-page.tsx'),
  'DocumentsPage',
);
const DocumentPage = lazyPage(
  () => import('../features/documents/document-page.tsx'),
  'DocumentPage',
);
const IsolationPage = lazyPage(
  () => import('../features/isolation/isolation-page.tsx'),
  'IsolationPage',
);
const TrustPage = lazyPage(() => import('../features/trust/trust-page.tsx'), 'TrustPage');
const SecretsPage = lazyPage(() => import('../features/secrets/secrets-page.tsx'), 'SecretsPage');
const KeysPage = lazyPage(() => import('../features/keys/keys-page.tsx'), 'KeysPage');
const ApiKeysPage = lazyPage(() => import('../features/api-keys/api-keys-page.tsx'), 'ApiKeysPage');
const GuardsPage = lazyPage(() => import('../features/guards/guards-page.tsx'), 'GuardsPage');
const SealPage = lazyPage(() => import('../features/seal/seal-page.tsx'), 'SealPage');
const OverviewPage = lazyPage(
  () => import('../features/platform/overview-page.tsx'),
  'OverviewPage',
);
const StatusPage = lazyPage(() => import('../features/platform/status-page.tsx'), 'StatusPage');

/** Every address of the dashboard. */
export function Router() {
  return (
    <Suspense fallback={<OpeningPage />}>
      <Routes>
        <Route path="setup/:token" element={<SetupPage />} />
        <Route path="sign-in" element={<SignInPage />} />
        <Route path="sign-in/callback" element={<CallbackPage />} />
        <Route path="invitation" element={<InvitationPage />} />
        <Route path="forgotten" element={<ForgottenPage />} />
        <Route path="reset" element={<ResetPage />} />
        <Route path="verify-email" element={<ConfirmEmailPage />} />
        <Route element={<RequireSession />}>
          <Route element={<RequireFactor />}>
            <Route index element={<HomeRedirect />} />
            <Route path="welcome" element={<FirstTenantPage />} />
            <Route element={<Shell />}>
              <Route path="t/:tenantId" element={<RequireTenant />}>
                <Route element={<RequirePermission permission="conversations.use" />}>
                  <Route element={<ChatPage />}>
                    <Route index element={null} />
                    <Route path="c/:conversationId" element={null} />
                  </Route>
                </Route>
                <Route element={<RequirePermission permission="documents.read" />}>
                  <Route path="documents" element={<DocumentsPage />} />
                  <Route path="documents/:documentId" element={<DocumentPage />} />
                </Route>
                <Route element={<RequirePermission permission="api-keys.revoke" />}>
                  <Route path="api-keys" element={<ApiKeysPage />} />
                </Route>
                <Route path="seal" element={<SealPage />} />
                <Route element={<RequirePermission permission="team.manage" />}>
                  <Route path="team" element={<TeamPage />} />
                  <Route path="groups" element={<GroupsPage />} />
                  <Route path="groups/:groupId" element={<GroupPage />} />
                  <Route path="directory" element={<DirectoryPage />} />
                </Route>
                <Route element={<RequirePermission permission="visits.decide" />}>
                  <Route path="visits" element={<TenantVisitsPage />} />
                </Route>
                <Route element={<RequirePermission permission="access.manage" />}>
                  <Route path="roles" element={<RolesPage />} />
                  <Route path="access-review" element={<AccessReviewPage />} />
                </Route>
                <Route element={<RequirePermission permission="sign-in.manage" />}>
                  <Route path="single-sign-on" element={<TenantSsoPage />} />
                </Route>
              </Route>
              <Route path="settings/security" element={<SecurityPage />} />
              <Route path="platform" element={<RequirePlatformRole />}>
                <Route path="overview" element={<OverviewPage />} />
                <Route path="tenants" element={<TenantsPage />} />
                <Route path="single-sign-on" element={<PlatformSsoPage />} />
                <Route path="people" element={<PeoplePage />} />
                <Route path="keys" element={<KeysPage />} />
                <Route path="isolation" element={<IsolationPage />} />
                <Route path="trust" element={<TrustPage />} />
                <Route path="secrets" element={<SecretsPage />} />
                <Route path="status" element={<StatusPage />} />
                <Route path="guards" element={<GuardsPage />} />
                <Route path="visits" element={<PlatformVisitsPage />} />
              </Route>
              <Route path="*" element={<NotFoundPage />} />
            </Route>
          </Route>
        </Route>
      </Routes>
    </Suspense>
  );
}
