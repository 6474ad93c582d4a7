// What a call of gRPC's brings along to show who makes it.
#ifndef SALES_SERVICE_AUTH_CREDENTIALS_H_
#define SALES_SERVICE_AUTH_CREDENTIALS_H_

#include "grpcpp/server_context.h"
#include "service/src/auth/authenticator.h"

namespace sales::service {

Credentials CredentialsOf(const grpc::ServerContextBase& call);

}  // namespace sales::service

#endif  // SALES_SERVICE_AUTH_CREDENTIALS_H_
