declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs' {
  /** Runs in the thread that imports it when pdf.js finds it as `globalThis.pdfjsWorker`. */
  export const WorkerMessageHandler: object;
}
