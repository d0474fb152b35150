// Whoever calls the library can name every type that its declarations use.

import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("../lib/", import.meta.url));
const entry = `${folder}index.ts`;

/** Types of this package that declarations of the public names refer to, each with where it is used first. */
function usedTypes(checker: ts.TypeChecker, exported: readonly ts.Symbol[]): Map<ts.Symbol, string> {
  const used = new Map<ts.Symbol, string>();
  const resolved = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const ours = (symbol: ts.Symbol) =>
    symbol.declarations?.some(
      (declaration) =>
        declaration.getSourceFile().fileName.startsWith(folder) &&
        (ts.isInterfaceDeclaration(declaration) ||
          ts.isTypeAliasDeclaration(declaration) ||
          ts.isClassDeclaration(declaration)),
    ) ?? false;
  const visit = (node: ts.Node, of: string): void => {
    const name = ts.isTypeReferenceNode(node)
      ? node.typeName
      : ts.isExpressionWithTypeArguments(node)
        ? node.expression
        : undefined;
    const symbol = name && checker.getSymbolAtLocation(name);
    if (symbol && ours(resolved(symbol)) && !used.has(resolved(symbol))) used.set(resolved(symbol), of);
    node.forEachChild((child) => {
      // What is inside a function, and what is private to a class, is nobody else's.
      if (ts.isBlock(child) || (isMember(child) && isHidden(child))) return;
      if (isInitializer(child)) return;
      visit(child, of);
    });
  };
  for (const symbol of exported)
    for (const declaration of resolved(symbol).declarations ?? [])
      if (declaration.getSourceFile().fileName.startsWith(folder)) visit(declaration, symbol.name);
  return used;
}

const isMember = ts.isClassElement;

function isHidden(member: ts.ClassElement): boolean {
  return (
    (member.name !== undefined && ts.isPrivateIdentifier(member.name)) ||
    (ts.canHaveModifiers(member) &&
      (ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false))
  );
}

/** The value of a constant or of a parameter. */
function isInitializer(node: ts.Node): boolean {
  const { parent } = node;
  return (
    (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isPropertyDeclaration(parent)) &&
    parent.initializer === node
  );
}

function programOf(root: string): ts.Program {
  const { config } = ts.readConfigFile(`${folder}../tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, `${folder}..`);
  return ts.createProgram([root], options);
}

test("types of public declarations are exported", () => {
  const program = programOf(entry);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
  const exported = checker.getExportsOfModule(module);
  const named = new Set(
    exported.map((symbol) =>
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    ),
  );
  const missing = [...usedTypes(checker, exported)].filter(([symbol]) => !named.has(symbol));
  expect(
    missing.map(([symbol, of]) => {
      const [{ fileName }] = symbol.declarations!.map((d) => d.getSourceFile()) as [ts.SourceFile];
      return `${symbol.name} (${fileName.slice(folder.length)}), of ${of}`;
    }),
  ).toEqual([]);
}, 60_000);

test("requests compile as programs write them", () => {
  const requests = fileURLToPath(new URL("request-types.test.ts", import.meta.url));
  const program = programOf(requests);
  const problems = program.getSemanticDiagnostics(program.getSourceFile(requests));
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))).toEqual([]);
}, 60_000);
