/**
 * The routing configuration: records, their strict decoding from YAML, problems with their place,
 * and the schemas and tables that derive from the same declarations.
 *
 * <p>Each object of the configuration is declared once, as a {@link dev.headgate.config.Spec}; the
 * decoder, the JSON Schemas and the documentation are read off it, so that they cannot disagree.
 * Nothing here knows Spring or Netty.
 */
@NullMarked
package dev.headgate.config;

import org.jspecify.annotations.NullMarked;
