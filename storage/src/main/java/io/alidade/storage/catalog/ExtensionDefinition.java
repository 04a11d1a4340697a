package io.alidade.storage.catalog;

/// An extension that was created in the database.
///
/// @param oid its OID
/// @param name its name, such as `vector`
/// @param schema the name of the schema that its types belong to
/// @param version the version that clients are told
public record ExtensionDefinition(int oid, String name, String schema, String version) {}
