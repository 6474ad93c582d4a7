// Reads a metrics port as Prometheus does.
#ifndef SALES_TESTS_SERVICE_SCRAPE_H_
#define SALES_TESTS_SERVICE_SCRAPE_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>

namespace sales::service {

// The answer to an HTTP GET on the loopback, head and body; empty if nobody answers.
inline std::string HttpGet(int port, const std::string& path) {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const std::string request =
        "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
      std::array<char, 4096> chunk;
      for (ssize_t count; (count = recv(descriptor, chunk.data(), chunk.size(), 0)) > 0;) {
        answer.append(chunk.data(), static_cast<size_t>(count));
      }
    }
  }
  close(descriptor);
  return answer;
}

// The samples of a page of metrics by their series: `name{label="value",…}`, as it is spelled
// there.
inline std::map<std::string, double> Scrape(int port) {
  std::map<std::string, double> samples;
  std::istringstream page(HttpGet(port, "/metrics"));
  for (std::string line; std::getline(page, line);) {
    const size_t space = line.rfind(' ');
    if (line.empty() || line[0] == '#' || space == std::string::npos) continue;
    samples[line.substr(0, space)] = std::strtod(line.c_str() + space, nullptr);
  }
  return samples;
}

}  // namespace sales::service

#endif  // SALES_TESTS_SERVICE_SCRAPE_H_
