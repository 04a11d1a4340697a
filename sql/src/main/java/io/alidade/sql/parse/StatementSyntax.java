package io.alidade.sql.parse;

/// A whole statement as written; each family is a sealed interface of its own.
public sealed interface StatementSyntax
    permits Query,
        DataChange,
        TableDefinition,
        ObjectDefinition,
        TransactionCommand,
        SettingCommand,
        CursorCommand,
        PreparedCommand,
        MaintenanceCommand,
        Copy,
        Explain,
        Unsupported {}
