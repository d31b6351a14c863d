import { context, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';
import type { Config } from './config/config-schema.ts';

const tracer = trace.getTracer('casemate');

/**
 * A span around one piece of work, below the one that is open. Without a collector the API does
 * nothing. Attributes are bounded like the labels of metrics: no tenant, no person, no text.
 */
export function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      // Its message may quote what a person wrote.
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: error instanceof Error ? error.name : '',
      });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The trace of the work that is under way, for the log; undefined where nothing is traced. */
export function currentTraceId(): string | undefined {
  return trace.getSpan(context.active())?.spanContext().traceId;
}

/** Sends traces to the collector that a site has named; resolves with what stops it. */
export async function startTracing(
  config: Config,
  resource: { program: string; version: string },
): Promise<() => Promise<void>> {
  const { CASEMATE_OTLP_TRACES_URL: url, CASEMATE_TRACE_PERCENT: percent } = config;
  if (url === undefined) return () => Promise.resolve();
  // Loaded only where it is used: it would cost every process its memory.
  const [sdk, exporter, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const provider = new sdk.NodeTracerProvider({
    resource: resources.resourceFromAttributes({
      'service.name': `casemate-${resource.program}`,
      'service.version': resource.version,
    }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(percent / 100) }),
    spanProcessors: [new sdk.BatchSpanProcessor(new exporter.OTLPTraceExporter({ url }))],
  });
  provider.register();
  return () => provider.shutdown();
}
