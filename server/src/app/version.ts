/** The one version of server, dashboard and installer; `package.json` says the same (tested). */
export const VERSION = '0.1.0';
