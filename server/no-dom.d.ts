/**
 * Stands for the types of `@xmldom/xmldom` and `xpath` (tsconfig.base.json), of which the libraries of SAML
 * name some: they would bring the types of a browser into programs that run in none.
 */
export {};
