import ts from 'typescript';

/** One change of a source text. */
export interface Mutation {
  readonly operator: string;
  /** Offsets of what is replaced. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** Counted from 1. */
  readonly line: number;
}

/** The text with the change made. */
export const applyMutation = (text: string, { start, end, replacement }: Mutation): string =>
  text.slice(0, start) + replacement + text.slice(end);

const { SyntaxKind: Kind } = ts;

/** What an operator token is exchanged for, and under which name. */
const exchanges: ReadonlyMap<ts.SyntaxKind, readonly [operator: string, token: string]> = new Map([
  [Kind.AmpersandAmpersandToken, ['and to or', '||']],
  [Kind.BarBarToken, ['or to and', '&&']],
  [Kind.LessThanToken, ['boundary', '<=']],
  [Kind.LessThanEqualsToken, ['boundary', '<']],
  [Kind.GreaterThanToken, ['boundary', '>=']],
  [Kind.GreaterThanEqualsToken, ['boundary', '>']],
  [Kind.EqualsEqualsEqualsToken, ['equality', '!==']],
  [Kind.ExclamationEqualsEqualsToken, ['equality', '===']],
  [Kind.EqualsEqualsToken, ['equality', '!=']],
  [Kind.ExclamationEqualsToken, ['equality', '==']],
  [Kind.PlusToken, ['arithmetic', '-']],
  [Kind.MinusToken, ['arithmetic', '+']],
  [Kind.AsteriskToken, ['arithmetic', '/']],
  [Kind.SlashToken, ['arithmetic', '*']],
  [Kind.PlusEqualsToken, ['arithmetic', '-=']],
  [Kind.MinusEqualsToken, ['arithmetic', '+=']],
  [Kind.BarBarEqualsToken, ['or to and', '&&=']],
  [Kind.AmpersandAmpersandEqualsToken, ['and to or', '||=']],
]);

/** Methods whose meaning has a counterpart. */
const counterparts: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
};

/** Calls that only tell somebody: what they say changes nothing. */
const telling = /^(?:emit|tell\w*|drift)$/;
/** Properties that hold words for people. */
const wording = /^(?:message|text|help|description|reason)$/;
/** A code, not a sentence. */
const code = /^[A-Za-z0-9]+(?:[_.:/-][A-Za-z0-9]+)*$/;

const nameOf = (node: ts.Node): string | null => {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isPropertyAccessExpression(node) ? node.name.text : null;
};

const isTelling = (node: ts.Node): boolean =>
  ts.isCallExpression(node) && telling.test(nameOf(node.expression) ?? '');

/** Parts of a program that do nothing when it runs, or whose words are for people only. */
const isSkipped = (node: ts.Node): boolean =>
  ts.isTypeNode(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node) ||
  ts.isTypeParameterDeclaration(node) ||
  isTelling(node) ||
  (ts.isExpressionStatement(node) && isTelling(node.expression)) ||
  ((ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) &&
    wording.test(nameOf(node.name) ?? ''));

const isText = (node: ts.Node): boolean =>
  ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isRegularExpressionLiteral(node);

/** `+` between texts joins them. */
const joinsTexts = (node: ts.BinaryExpression): boolean =>
  isText(node.left) || isText(node.right) || (ts.isBinaryExpression(node.left) && joinsTexts(node.left));

/** Names that are written as texts, and texts that a key or a type needs. */
const isNameOnly = (node: ts.StringLiteral): boolean => {
  const { parent } = node;
  return (
    ts.isLiteralTypeNode(parent) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isBinaryExpression(parent) && parent.operatorToken.kind === Kind.InKeyword) ||
    ts.isExternalModuleReference(parent) ||
    (ts.isBinaryExpression(parent) && ts.isTypeOfExpression(parent.left))
  );
};

/** Every change that this program knows, in the order of the text. */
export const mutationsOf = (fileName: string, text: string): readonly Mutation[] => {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2022, true);
  const found: Mutation[] = [];
  const add = (operator: string, node: { getStart(): number; getEnd(): number }, replacement: string) => {
    const start = node.getStart();
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    found.push({ operator, start, end: node.getEnd(), replacement, line });
  };

  const condition = (node: ts.Expression, mayStop: boolean) => {
    add('negated condition', node, `!(${node.getText()})`);
    if (mayStop) add('condition never holds', node, 'false');
  };

  const visit = (node: ts.Node): void => {
    if (isSkipped(node)) return;
    if (ts.isIfStatement(node)) condition(node.expression, true);
    else if (ts.isWhileStatement(node)) condition(node.expression, false);
    else if (ts.isConditionalExpression(node)) condition(node.condition, false);
    else if (ts.isExpressionStatement(node) || ts.isThrowStatement(node)) {
      // The compiler refuses `if (a) ;`.
      add('removed statement', node, '{}');
    } else if (ts.isReturnStatement(node) && node.expression !== undefined) {
      if (node.expression.getText() !== 'undefined') {
        add('returned undefined', node, 'return undefined as never;');
      }
    } else if (ts.isBinaryExpression(node)) binary(node);
    else if (ts.isPrefixUnaryExpression(node)) {
      if (node.operator === Kind.ExclamationToken) add('removed !', node, `(${node.operand.getText()})`);
    } else if (node.kind === Kind.TrueKeyword) add('boolean', node, 'false');
    else if (node.kind === Kind.FalseKeyword) add('boolean', node, 'true');
    else if (ts.isStringLiteral(node)) {
      if (!isNameOnly(node) && code.test(node.text)) add('code', node, "''");
    } else if (ts.isCallExpression(node)) call(node);
    if (
      ts.isPropertyAccessExpression(node) ||
      ts.isElementAccessExpression(node) ||
      ts.isCallExpression(node)
    )
      if (node.questionDotToken !== undefined)
        add('optional chaining', node.questionDotToken, ts.isPropertyAccessExpression(node) ? '!.' : '!');
    ts.forEachChild(node, visit);
  };

  const binary = (node: ts.BinaryExpression): void => {
    const { operatorToken: token } = node;
    if (token.kind === Kind.QuestionQuestionToken) {
      add('removed ??', node, node.left.getText());
      add('always ??', node, node.right.getText());
      return;
    }
    const exchange = exchanges.get(token.kind);
    if (exchange === undefined || (token.kind === Kind.PlusToken && joinsTexts(node))) return;
    add(exchange[0], token, exchange[1]);
  };

  const call = (node: ts.CallExpression): void => {
    const { expression } = node;
    if (!ts.isPropertyAccessExpression(expression)) return;
    const counterpart = Object.hasOwn(counterparts, expression.name.text)
      ? counterparts[expression.name.text]
      : undefined;
    if (counterpart !== undefined) add('counterpart', expression.name, counterpart);
    // Without the filter the same list goes on.
    if (expression.name.text === 'filter') add('removed filter', node, expression.expression.getText());
  };

  visit(source);
  return found.sort((left, right) => left.start - right.start);
};
