import type { paths } from './schema.d.ts';

type Body<Responses> = Responses extends { content: { 'application/json': infer Answer } }
  ? Answer
  : never;
/** What an operation answers when it succeeds. */
type Answer<Operation> = Operation extends { responses: infer Responses }
  ? Body<Responses[keyof Responses & (200 | 201 | 202)]>
  : never;

export type Session = Answer<paths['/api/session/refresh']['post']>;
/** A question for a second factor, after the password or before what needs a fresh one. */
export type FactorChallenge = Answer<paths['/api/me/step-up/challenge']['post']>;
export type FactorAnswer =
  paths['/api/session/factor']['post']['requestBody']['content']['application/json']['answer'];
export type OwnFactors = Answer<paths['/api/me/factors']['get']>;
export type OwnFactor = OwnFactors['factors'][number];
export type NewTotp = Answer<paths['/api/me/factors/totp']['post']>;
export type Account = Session['account'];
export type Membership = Session['tenants'][number];
export type SetupLink = Answer<paths['/api/setup/{token}']['get']>;
export type Team = Answer<paths['/api/tenants/{tenantId}/team']['get']>;
export type TeamMember = Team['members'][number];
export type Group = Answer<paths['/api/tenants/{tenantId}/groups']['get']>['groups'][number];
export type ScimSetUp = Answer<paths['/api/tenants/{tenantId}/scim']['get']>;
export type GroupDetail = Answer<paths['/api/tenants/{tenantId}/groups/{groupId}']['get']>;
export type Decision = Answer<
  paths['/api/tenants/{tenantId}/connections/{connectionId}/dry-run']['post']
>;
export type Examined = Answer<
  paths['/api/tenants/{tenantId}/connections/{connectionId}/examine']['post']
>;
export type Tested = Extract<
  Answer<paths['/api/session/sso/answer']['post']>,
  { tested: unknown }
>['tested'];
export type Connections = Answer<paths['/api/tenants/{tenantId}/connections']['get']>;
export type Connection = Connections['connections'][number];
export type SamlMetadata = Answer<
  paths['/api/tenants/{tenantId}/connections/saml-metadata']['post']
>;
export type EmailDomain = Answer<
  paths['/api/tenants/{tenantId}/email-domains']['get']
>['domains'][number];
export type OpenInvitation = Team['invitations'][number];
export type Invited = Answer<paths['/api/tenants/{tenantId}/invitations']['post']>;
export type Person = Answer<paths['/api/platform/accounts']['get']>['items'][number];
export type Tenant = Answer<paths['/api/tenants/{tenantId}']['get']>;
export type Deletion = Answer<paths['/api/platform/deletions']['get']>['deletions'][number];
export type Seal = Answer<paths['/api/tenants/{tenantId}/seal']['get']>;
export type PlatformStatus = Answer<paths['/api/platform/status']['get']>;
export type Overview = Answer<paths['/api/platform/overview']['get']>;
export type PlatformLimits = Answer<paths['/api/platform/limits']['get']>;
export type Secret = Answer<paths['/api/platform/secrets']['get']>['secrets'][number];
export type IsolationRun = Answer<paths['/api/platform/isolation']['get']>['runs'][number];
export type IsolationReport = NonNullable<IsolationRun['report']>;
export type TrustPage = Answer<paths['/api/platform/trust']['get']>;
export type KeyInventory = Answer<paths['/api/platform/keys']['get']>;
export type KeyOwner = KeyInventory['owners'][number];
export type KeyOwnerDetail = Answer<paths['/api/platform/keys/{owner}']['get']>;
export type KeyRotation = KeyOwnerDetail['rotations'][number];
export type DocumentList = Answer<paths['/api/tenants/{tenantId}/documents']['get']>;
export type StoredDocument = DocumentList['items'][number];
export type DocumentDetail = Answer<paths['/api/tenants/{tenantId}/documents/{documentId}']['get']>;
export type Passage = Answer<paths['/api/tenants/{tenantId}/passages/{chunkId}']['get']>;
export type ConversationList = Answer<paths['/api/tenants/{tenantId}/conversations']['get']>;
export type ConversationItem = ConversationList['items'][number];
export type Conversation = Answer<
  paths['/api/tenants/{tenantId}/conversations/{conversationId}']['get']
>;
export type Message = Conversation['messages'][number];
export type Citation = Message['citations'][number];
export type Sentence = NonNullable<Message['sentences']>[number];
export type Verdict = NonNullable<Message['verdict']>;
export type ApiKey = Answer<paths['/api/tenants/{tenantId}/api-keys']['get']>['keys'][number];
export type MadeKey = Answer<paths['/api/tenants/{tenantId}/api-keys']['post']>;
export type KeyWish = NonNullable<
  paths['/api/tenants/{tenantId}/api-keys']['post']['requestBody']
>['content']['application/json'];
export type CustomRoles = Answer<paths['/api/tenants/{tenantId}/roles']['get']>;
export type CustomRole = CustomRoles['roles'][number];
export type RoleWish =
  paths['/api/tenants/{tenantId}/roles']['post']['requestBody']['content']['application/json'];
export type Visit = Answer<paths['/api/platform/visits']['get']>['visits'][number];
export type AccessReview = Answer<paths['/api/tenants/{tenantId}/access-review']['get']>;
export type FeatureLevels = Answer<paths['/api/tenants/{tenantId}/levels']['get']>;
export type LevelWish =
  paths['/api/tenants/{tenantId}/levels']['put']['requestBody']['content']['application/json'];
export type ServiceAccount = Answer<
  paths['/api/tenants/{tenantId}/service-accounts']['get']
>['accounts'][number];
