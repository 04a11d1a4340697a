/// From the text of a statement to its syntax tree, as PostgreSQL reads it.
///
/// Here: the lexer (PostgreSQL's rules for operators, quoting, comments and numbers), the parser
/// (expressions by precedence climbing, one statement family a file by recursive descent), the tree
/// itself, and the normaliser that makes plan-cache keys out of the same tokens.
///
/// Not here: what a name means, which type an expression has, whether a table exists. The parser
/// looks nothing up; it only refuses what PostgreSQL's grammar refuses, with its words.
///
/// Positions in the tree are 0-based offsets in UTF-16 units into the statement's own text ({@link
/// ParsedStatement#text}).
///
/// Start reading at `SqlParser`, then {@link StatementSyntax} and {@link Expression}.
@NullMarked
package io.alidade.sql.parse;

import org.jspecify.annotations.NullMarked;
