package dev.headgate.architecture.violations.springstaysattherim.upstream;

import org.springframework.stereotype.Component;

@Component
final class Annotated {}
