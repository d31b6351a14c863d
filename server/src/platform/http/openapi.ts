import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

/** The OpenAPI 3.1 document of a route table; schemas are JSON Schema 2020-12 made from zod's. */
export function openApiDocument(routes: readonly Endpoint[], version: string): object {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Casemate', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: problem },
      responses: {
        Problem: {
          description: 'What went wrong and what to do',
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          },
        },
      },
    },
  };
}

function operation(route: Endpoint): object {
  const signedIn = route.guard.kind !== 'public';
  return {
    summary: route.summary,
    operationId: `${route.method}${route.path.replace(/[^a-zA-Z0-9]{1,3}(\w)/g, (_all, letter: string) => letter.toUpperCase())}`,
    'x-guard': route.guard,
    security: signedIn ? [{ bearer: [] }] : [],
    parameters: [
      ...parameters('path', route.input.params),
      ...parameters('query', route.input.query),
    ],
    ...requestBody(route),
    responses: { ...answer(route), default: { $ref: '#/components/responses/Problem' } },
  };
}

function parameters(place: 'path' | 'query', schema: z.ZodType | undefined): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, inner]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: inner,
  }));
}

function requestBody(route: Endpoint): object {
  if (route.body === 'raw')
    return {
      requestBody: { required: true, content: { 'application/octet-stream': { schema: {} } } },
    };
  if (!route.input.body) return {};
  const schema = jsonSchema(route.input.body, 'input');
  return { requestBody: { required: true, content: { 'application/json': { schema } } } };
}

function answer({ output }: Endpoint): object {
  if (output.kind === 'empty') return { 204: { description: 'Done' } };
  if (output.kind === 'written')
    return {
      200: {
        description: output.description,
        content: { [output.mediaType]: { schema: { type: 'string' } } },
      },
    };
  const schema = jsonSchema(output.schema, 'output');
  return {
    [output.status]: { description: 'OK', content: { 'application/json': { schema } } },
  };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
