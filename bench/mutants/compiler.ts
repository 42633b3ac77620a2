import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Says whether a file with another text still compiles. */
export interface Compiler {
  /** The first complaint, or null. */
  complaint(file: string, text: string): string | null;
}

/** Of what a mutant leaves behind, unused names are no error. */
const lenient: ts.CompilerOptions = {
  noUnusedLocals: false,
  noUnusedParameters: false,
  allowUnreachableCode: true,
  noEmit: true,
};

/** The compiler over the sources, with one file at a time replaced in memory. */
export const createCompiler = (root: string, files: readonly string[]): Compiler => {
  const configPath = join(root, 'tsconfig.json');
  const config = ts.readConfigFile(configPath, (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const versions = new Map<string, number>();
  const texts = new Map<string, string>();
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => ({ ...options, ...lenient }),
    getScriptFileNames: () => files.map((file) => join(root, file)),
    getScriptVersion: (path) => String(versions.get(path) ?? 0),
    getScriptSnapshot: (path) => {
      const text = texts.get(path) ?? ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    fileExists: (path) => ts.sys.fileExists(path),
    readFile: (path) => ts.sys.readFile(path),
    readDirectory: (...given) => ts.sys.readDirectory(...given),
    directoryExists: (path) => ts.sys.directoryExists(path),
    getDirectories: (path) => ts.sys.getDirectories(path),
  };
  const service = ts.createLanguageService(host);
  const put = (path: string, text: string | null) => {
    if (text === null) texts.delete(path);
    else texts.set(path, text);
    versions.set(path, (versions.get(path) ?? 0) + 1);
  };
  return {
    complaint: (file, text) => {
      const path = join(root, file);
      put(path, text);
      try {
        const [first] = [
          ...service.getSyntacticDiagnostics(path),
          ...service.getSemanticDiagnostics(path),
        ].filter(({ category }) => category === ts.DiagnosticCategory.Error);
        return first === undefined ? null : ts.flattenDiagnosticMessageText(first.messageText, ' ');
      } finally {
        put(path, null);
      }
    },
  };
};
