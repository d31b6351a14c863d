/** What a permission lets somebody do, in words. */
const WORDS: Readonly<Record<string, string>> = {
  'tenant.read': 'See the tenant itself',
  'documents.read': 'List and read documents',
  'documents.search': 'Search in documents',
  'documents.write': 'Upload and delete documents',
  'conversations.use': 'Ask questions and read their own conversations',
  'api-keys.use': 'Make API keys of their own',
};

export function permissionWords(permission: string): string {
  return WORDS[permission] ?? permission;
}
