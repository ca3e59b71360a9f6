/** The public API of wi-doctor: write checks, judge facts, read and write bundles. */
export { BUNDLE_SCHEMA_VERSION, isBundle, readBundle, writeBundle, type Bundle } from './bundle.ts';
export * from './check.ts';
export { diagnose, type DiagnoseOptions } from './diagnose.ts';
export { WiDoctorError, type WiDoctorErrorCode } from './errors.ts';
export type { Absent, ClientFactSet, Fact, FactName, FactSet, FactTypes, Present, Unknown } from './facts.ts';
export type { Report, ReportFinding, Verdict } from './report.ts';
