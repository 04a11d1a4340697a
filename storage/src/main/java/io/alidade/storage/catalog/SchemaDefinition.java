package io.alidade.storage.catalog;

/// A schema.
///
/// @param oid its OID
/// @param name its name
public record SchemaDefinition(int oid, String name) {}
